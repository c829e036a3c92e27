import AgentKit

/// What schedules lead to concerns every agent at once: in the tests of one agent, those of a file named after it, what
/// other agents decide on a schedule is left out with all that follows from it.
struct ScheduleShare {
    /// The agent under test; nil where the file is named after none.
    let agent: String?

    /// - Parameters:
    ///   - file: the name of the file of tests, `franchise-settling.yaml`.
    ///   - added: agents that are no part of the program.
    init(file: String, added: [String] = []) {
        let name = file.utf8.split(separator: UInt8(ascii: "/")).last ?? file.utf8[...]
        let first = String(name.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ".") }) ?? ""
        agent = (Rooms.agents.map(\.name) + added).first { $0 == first }
    }

    /// The entries of one step without those that are no concern of the agent under test.
    func own(_ entries: [Event]) -> [Event] {
        guard let agent else { return entries }
        var types: [EntrySequence: String] = [:]
        var foreign: Set<EntrySequence> = []
        for entry in entries {
            types[entry.sequence] = entry.type
            let cause = entry.causation
            let isOfOther: Bool =
                if entry.type == ScheduleItem.type {
                    ScheduleItem(entry.data).agent != agent
                } else if let cause, foreign.contains(cause) {
                    true
                } else if let cause, types[cause]?.utf8.starts(with: "schedule.".utf8) == true {
                    entry.rule != nil && entry.agent != agent
                } else {
                    false
                }
            if isOfOther { foreign.insert(entry.sequence) }
        }
        return entries.filter { !foreign.contains($0.sequence) }
    }
}
