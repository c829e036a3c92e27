import EventLog
import JSON

/// Stands in for the keys of persons in rule tests: rules cannot read sealed fields, so any commitment will do.
struct RuleTestSealing: Sealing {
    func seal(
        _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
    ) throws(Problem) -> (commitment: String, sealed: String) {
        let text = EntryChain.hashText(of: Array((userId + "\n" + id + "\n" + pointer).utf8))
        return (text, text)
    }

    func prepareErasure(of persons: [String]) -> Bool { true }
    func erase(_ persons: [String]) -> [String] { [] }
    func abandonErasure() {}
}
