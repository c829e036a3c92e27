import AgentKit
import Engine

/// The rule sets that a ledger's log holds.
package struct RuleSetList {
    package struct Item {
        package let digest: String
        /// The entry that put it in force, or that scheduled it.
        package let activated: UInt64
        /// The time that its activation named, where it named one ahead, as the entry has it.
        package let effectiveFrom: String?
        package let isInForce: Bool
        /// Its standing in words: `in force since #58, 2024-02-16 21:00:00+05:00`.
        package let standing: String
    }

    /// Those that are or were in force, oldest first, then those that only a schedule names, in order of its time.
    package let items: [Item]
    /// Every activation that named a time, in the order of these times.
    package let schedules: [Scheduled]
    private let active: String?

    package struct Scheduled {
        package let activated: UInt64
        package let digest: String
        /// As the entry has it.
        package let effectiveFrom: String
        /// In the calendar's zone.
        package let shownTime: String
        /// `scheduled`, `came-into-force` or `cancelled`.
        package let status: String
    }

    /// - Parameter replay: folded to the point that is asked for.
    package init(_ replay: Replay) throws {
        let layout = replay.layout
        let known = replay.machine.ruleSetsNow
        active = known.active
        schedules = known.schedules.map {
            Scheduled(
                activated: $0.activated.value, digest: $0.digest, effectiveFrom: $0.effectiveFrom.text,
                shownTime: layout.time($0.effectiveFrom), status: $0.status.rawValue)
        }
        var items = known.ruleSets.map { item in
            let isInForce = item.digest == known.active
            return Item(
                digest: item.digest, activated: item.activated.value, effectiveFrom: item.effectiveFrom?.text,
                isInForce: isInForce,
                standing: (isInForce ? "in force" : "was in force")
                    + " since #\(item.activated.value), \(layout.time(item.since))")
        }
        for item in known.schedules where item.status != .cameIntoForce {
            let time = layout.time(item.effectiveFrom)
            items.append(
                Item(
                    digest: item.digest, activated: item.activated.value, effectiveFrom: item.effectiveFrom.text,
                    isInForce: false,
                    standing: item.status == .scheduled
                        ? "scheduled by #\(item.activated.value), in force from \(time)"
                        : "scheduled by #\(item.activated.value) for \(time), but cancelled"))
        }
        self.items = items
    }

    /// The one whose digest starts so, with or without the `…` that shortened ones end in; the one in force where nothing
    /// is given.
    package func find(_ text: String?) throws(ReadingError) -> Item {
        let digest = text.map { $0.hasSuffix("…") ? String($0.dropLast()) : $0 }
        let found = items.filter { digest.map($0.digest.hasPrefix) ?? ($0.digest == active) }
        guard let item = found.first else { throw ReadingError("the log holds no rule set `\(digest ?? "")`") }
        guard Set(found.map(\.digest)).count == 1 else {
            throw ReadingError("`\(digest ?? "")` names several rule sets")
        }
        return item
    }
}
