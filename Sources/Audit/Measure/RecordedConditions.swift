package import AgentKit

extension CELBenchmark {
    /// The expressions on an event that is read in place from its recorded bytes, as rules read it.
    package static func recordedCases() throws -> [Case] {
        func host(_ json: String) throws -> Value { .host(JSONHost(try Document(adopting: Array(json.utf8))), 0) }
        return try cases(event: host(event), user: host(user))
    }
}
