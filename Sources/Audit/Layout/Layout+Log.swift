import Engine
package import EventLog
import JSON

extension Layout {
    /// Where the rules in force are looked for: they stand at the start of every log.
    private static let genesisEntriesMax: UInt64 = 10_000

    /// The layout of the first rule set of a log, without folding more than the log's first entries.
    package static func of(_ log: EventLog) throws -> Layout {
        var first: UInt64?
        try unsafe log.scan(from: 0, to: genesisEntriesMax) { sequence, bytes in
            let entry = (try? unsafe Document(canonical: bytes))?.root
            guard entry?["type"]?.isString("ruleset.activated") == true else { return true }
            first = sequence
            return false
        }
        guard let first else { return Layout() }
        let replay = try Replay(log)
        do throws(ReplayError) {
            try replay.fold(to: .sequence(first))
        } catch {
            // What an older program decided is still read, if without the calendar and currencies of its rules.
            guard error.code == .ruleSet else { throw error }
            return Layout()
        }
        return Layout(replay.ruleSet)
    }
}
