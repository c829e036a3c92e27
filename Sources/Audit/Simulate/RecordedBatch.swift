import AgentKit
import EventLog
import JSON

/// Recorded cascades that were read together.
final class RecordedBatch: Sendable {
    /// The sequence of its first entry.
    let first: UInt64
    private let bytes: [UInt8]
    private let ends: [Int]
    let cascades: [RecordedCascade]

    fileprivate init(first: UInt64, bytes: [UInt8], ends: [Int], cascades: [RecordedCascade]) {
        (self.first, self.bytes, self.ends, self.cascades) = (first, bytes, ends, cascades)
    }

    /// The number of entries.
    var count: Int { ends.count }
    var end: UInt64 { first + UInt64(ends.count) }

    /// The bytes of an entry of this batch, in place.
    func withEntry<R>(_ sequence: UInt64, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        let index = Int(sequence - first)
        let start = index == 0 ? 0 : ends[index - 1]
        return unsafe bytes.withUnsafeBytes {
            unsafe body(UnsafeRawBufferPointer(rebasing: $0[start..<ends[index]]))
        }
    }
}

/// A recorded trigger and the number of entries that its cascade has.
struct RecordedCascade: Sendable {
    /// Who gave the trigger.
    enum Origin: Sendable {
        case producer
        /// A timer or a schedule.
        case clock
        /// A row of a schedule.
        case item
        /// The genesis, and changes of the rule sets.
        case engine
    }

    let first: UInt64
    var count = 1
    let origin: Origin
    let trigger: Document
    let time: Instant

    fileprivate init?(_ trigger: Document, at sequence: UInt64) {
        let root = trigger.root
        guard let source = root["source"], let time = root.instant("recordedtime") else { return nil }
        first = sequence
        self.trigger = trigger
        self.time = time
        if source.isString("/clock") {
            origin = root["type"]?.isString("schedule.item") == true ? .item : .clock
        } else {
            origin = source.isString("/engine") ? .engine : .producer
        }
    }
}

/// Reads a log's entries in batches of whole cascades.
struct RecordedReader {
    private static let bytesPerBatch = 1 << 19
    /// A longer cascade is not one.
    private static let entriesMax = 1 << 13

    let log: EventLog
    private(set) var position: UInt64

    init(_ log: EventLog, from position: UInt64) {
        self.log = log
        self.position = position
    }

    /// The next cascades that end before `end`; nil at the end.
    /// - Throws: `damaged` where an entry cannot be read or no trigger leads to it, `storage`.
    mutating func next(before end: UInt64) throws(ReplayError) -> RecordedBatch? {
        let first = position
        guard first < end else { return nil }
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var cascades: [RecordedCascade] = []
        var failure: ReplayError?
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: first, to: end) { sequence, entry in
                if unsafe Self.isDecision(entry), !cascades.isEmpty {
                    cascades[cascades.count - 1].count += 1
                    if cascades[cascades.count - 1].count > Self.entriesMax {
                        failure = ReplayError(.damaged, sequence: sequence, "is in a cascade that does not end")
                    }
                } else {
                    if bytes.count >= Self.bytesPerBatch { return false }
                    guard unsafe !Self.isDecision(entry), let document = try? unsafe Document(canonical: entry),
                        let cascade = RecordedCascade(document, at: sequence)
                    else {
                        failure = ReplayError(
                            .damaged, sequence: sequence, "is not a trigger; `docket verify` says more")
                        return false
                    }
                    cascades.append(cascade)
                }
                unsafe bytes.append(contentsOf: entry)
                ends.append(bytes.count)
                return failure == nil
            }
        }
        if let failure { throw failure }
        position = first + UInt64(ends.count)
        return RecordedBatch(first: first, bytes: bytes, ends: ends, cascades: cascades)
    }

    private static let agent = Array(#"{"agent":"#.utf8)

    /// Names of members are in order, and no entry has one before `agent`.
    private static func isDecision(_ entry: UnsafeRawBufferPointer) -> Bool {
        guard entry.count > agent.count else { return false }
        for index in agent.indices where unsafe entry[index] != agent[index] { return false }
        return true
    }
}
