import AgentKit
import Engine

/// The rule sets that a ledger's log put in force, oldest first.
package struct RuleSetList {
    package struct Item {
        package let digest: String
        /// The entry that put it in force.
        package let activated: UInt64
        /// When that was, in the calendar's zone.
        package let since: String
    }

    package let items: [Item]

    /// - Parameter replay: folded to the point that is asked for.
    package init(_ replay: Replay) throws {
        let layout = replay.layout
        items = replay.machine.ruleSetHistory.map {
            Item(digest: $0.digest, activated: $0.activated.value, since: layout.time($0.since))
        }
    }

    /// The one whose digest starts so; the newest where nothing is given.
    package func find(_ digest: String?) throws(ReadingError) -> Item {
        let found = digest.map { start in items.filter { $0.digest.hasPrefix(start) } } ?? items.suffix(1)
        guard let item = found.last else { throw ReadingError("the log holds no rule set `\(digest ?? "")`") }
        guard Set(found.map(\.digest)).count == 1 else {
            throw ReadingError("`\(digest ?? "")` names several rule sets")
        }
        return item
    }
}
