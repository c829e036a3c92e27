import AgentKit
import JSON

/// The trigger of a cascade in one or both worlds, by its sequences there.
struct DifferenceOrigin: Hashable, Sendable {
    let recorded: UInt64?
    let simulated: UInt64?
}

/// A decision that one world has and the other lacks, or has otherwise.
struct FoundDifference: Sendable {
    enum Kind: String, Sendable {
        case lost
        case gained
        case changed
        /// The same decision for another reason.
        case reason
    }

    let kind: Kind
    /// The number of its type (`Leftovers.types`).
    let type: Int
    let origin: DifferenceOrigin
    let recorded: UInt64?
    let simulated: UInt64?
}

/// Differences of two worlds, in the order of their triggers.
package struct FoundDifferences: Sendable {
    var list: [FoundDifference] = []
    var types: [String] = []
    var notAdmitted: [(sequence: UInt64, why: String)] = []
    var notAdmittedCount = 0
    var lostFirings = 0
    var gainedFirings = 0
    var movedFirings = 0
    var removed = 0
    var added = 0
}

/// Decisions of both worlds for which nothing was found in the other one yet.
struct Leftovers {
    /// A decision by what it says.
    struct Item: Sendable {
        let key: DecisionKey
        let sequence: UInt64
        let type: Int
        let origin: DifferenceOrigin
    }

    /// Triggers listed that were not admitted.
    static let notAdmittedMax = 1000

    private var lost: [Int: Queue<Item>] = [:]
    private var gained: [Int: Queue<Item>] = [:]
    private var reasons: [FoundDifference] = []
    private(set) var types: [String] = []
    private var typeNumbers: [String: Int] = [:]
    private var notAdmitted: [(sequence: UInt64, why: String)] = []
    private var notAdmittedCount = 0
    var lostFirings = 0
    var gainedFirings = 0
    var movedFirings = 0
    var removed = 0
    var added = 0

    /// A decision; nil for an entry that is none.
    mutating func item(_ document: Document, _ sequence: UInt64, _ origin: DifferenceOrigin) -> Item? {
        guard document.root["agent"] != nil else { return nil }
        let name = document.root.text("type")
        let type: Int
        if let known = typeNumbers[name] {
            type = known
        } else {
            type = types.count
            types.append(name)
            typeNumbers[name] = type
        }
        return Item(key: DecisionKey(document.root), sequence: sequence, type: type, origin: origin)
    }

    /// Takes in a decision that was not found in the cascade of the log.
    /// - Returns: the sequence of the recorded one that says the same, where another cascade had it.
    mutating func gain(_ item: Item) -> UInt64? {
        guard let same = lost.popFirst(item.key.content) else {
            gained[item.key.content, default: Queue()].append(item)
            return nil
        }
        if same.key.reason != item.key.reason { noteReason(recorded: same, simulated: item) }
        return same.sequence
    }

    /// Takes in a recorded decision that was not found in the simulated cascade.
    /// - Returns: the sequence of the simulated one that says the same, where another cascade had it.
    mutating func lose(_ item: Item) -> UInt64? {
        guard let same = gained.popFirst(item.key.content) else {
            lost[item.key.content, default: Queue()].append(item)
            return nil
        }
        if same.key.reason != item.key.reason { noteReason(recorded: item, simulated: same) }
        return same.sequence
    }

    mutating func noteReason(recorded: Item, simulated: Item) {
        reasons.append(
            FoundDifference(
                kind: .reason, type: recorded.type, origin: recorded.origin, recorded: recorded.sequence,
                simulated: simulated.sequence))
    }

    mutating func noteNotAdmitted(_ sequence: UInt64, _ why: String) {
        notAdmittedCount += 1
        if notAdmitted.count < Self.notAdmittedMax { notAdmitted.append((sequence, why)) }
    }

    /// What is left over, as differences: two decisions of one trigger, type and subject are one that changed.
    func differences() -> FoundDifferences {
        var found = FoundDifferences()
        found.list = reasons + unpaired()
        // A cascade that only the simulated world has stands where its sequence would be.
        found.list.sort { Self.order($0) < Self.order($1) }
        found.types = types
        found.notAdmitted = notAdmitted
        found.notAdmittedCount = notAdmittedCount
        (found.lostFirings, found.gainedFirings, found.movedFirings) = (lostFirings, gainedFirings, movedFirings)
        (found.removed, found.added) = (removed, added)
        return found
    }

    private struct Place: Hashable {
        let origin: DifferenceOrigin
        let place: Int
    }

    private func unpaired() -> [FoundDifference] {
        var places: [Place: [Item]] = [:]
        for item in lost.values.joined() {
            places[Place(origin: item.origin, place: item.key.place), default: []].append(item)
        }
        for place in places.keys { places[place]?.sort { $0.sequence > $1.sequence } }
        var list: [FoundDifference] = []
        for item in gained.values.joined().sorted(by: { $0.sequence < $1.sequence }) {
            let recorded = places[Place(origin: item.origin, place: item.key.place)]?.popLast()
            list.append(
                FoundDifference(
                    kind: recorded == nil ? .gained : .changed, type: item.type, origin: item.origin,
                    recorded: recorded?.sequence, simulated: item.sequence))
        }
        for item in places.values.joined() {
            list.append(
                FoundDifference(
                    kind: .lost, type: item.type, origin: item.origin, recorded: item.sequence, simulated: nil))
        }
        return list
    }

    private static func order(_ difference: FoundDifference) -> (UInt64, Int, UInt64) {
        let origin = difference.origin
        return (
            origin.recorded ?? origin.simulated ?? 0, origin.recorded == nil ? 1 : 0,
            difference.recorded ?? difference.simulated ?? 0
        )
    }

    /// Forgets what was left over of triggers before a recorded entry and a simulated one.
    mutating func drop(recordedBefore recorded: UInt64, simulatedBefore simulated: UInt64) {
        func isOld(_ origin: DifferenceOrigin) -> Bool { Self.isOld(origin, recorded: recorded, simulated: simulated) }
        func kept(_ items: [Int: Queue<Item>]) -> [Int: Queue<Item>] {
            items.compactMapValues { list in
                let kept = list.filter { !isOld($0.origin) }
                return kept.isEmpty ? nil : Queue(kept)
            }
        }
        reasons.removeAll { isOld($0.origin) }
        (lost, gained) = (kept(lost), kept(gained))
    }

    /// Returns whether a cascade began before a recorded entry and a simulated one.
    static func isOld(_ origin: DifferenceOrigin, recorded: UInt64, simulated: UInt64) -> Bool {
        origin.recorded.map { $0 < recorded } ?? true && origin.simulated.map { $0 < simulated } ?? true
    }
}
