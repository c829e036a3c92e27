import ArgumentParser
import FoundationEssentials
import Rules

/// `docket rules shadow`
struct RulesShadow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow",
        abstract: "Run a rule set beside the one in force, on live traffic.",
        discussion: """
            The service decides everything that comes from now on a second time, under the rules in DIR, on a thread of the \
            lowest priority. What they decide otherwise is counted by rule and type, with the newest hundred; nothing of it is \
            appended. One shadow runs at a time, and ends with the service. `docket simulate` does the same over history.

            Exits 1 when the rule set is in error or no shadow runs, 2 when the service cannot be reached.

            Examples:
              docket rules shadow ../proposal/rules
              docket rules shadow list
              docket rules shadow list --json
              docket rules shadow stop
            """)

    @Argument(
        help: "A folder of rule files to start; `list` shows what was found, `stop` ends it.", completion: .directory)
    var what: String

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    private struct Findings: Decodable {
        struct Counts: Decodable { let rule: String, type: String, lost: Int, gained: Int, changed: Int }
        struct Entry: Decodable { let sequence: String, because: String? }
        struct Difference: Decodable {
            let kind: String, type: String, subject: String?, recorded: Entry?, simulated: Entry?
        }
        let digest: String, from: UInt64, entries: UInt64, lag: UInt64, failure: String?
        let lost: Int, gained: Int, changed: Int, notAdmitted: Int
        let rules: [Counts], differences: [Difference]
    }

    func run() throws {
        let client = HTTPClient(path: service.path)
        switch what {
        case "list": try show(try answer(client.send("GET", "/v1/shadow")))
        case "stop": try show(try answer(client.send("DELETE", "/v1/shadow")))
        default:
            var files: [String: String] = [:]
            for file in try RuleFolder.read(what) { files[file.name] = String(decoding: file.text, as: UTF8.self) }
            let body = try answer(
                client.send(
                    "PUT", "/v1/shadow", contentType: "application/json",
                    body: Array(try JSONEncoder().encode(["files": files]))))
            if output.json { return Console.line(body) }
            struct Started: Decodable { let digest: String }
            Console.line(try JSONDecoder().decode(Started.self, from: Data(body)).digest)
            Console.message("runs as a shadow; `docket rules shadow list` shows what it decides otherwise")
        }
    }

    private func answer(_ response: HTTPClient.Answer) throws -> [UInt8] {
        guard response.isSuccess else {
            let problem = ProblemDetails.decode(response.body)
            throw Failure(response.status >= 500 ? .couldNotRun : .refused, page: problem?.detail ?? "refused")
        }
        return response.body
    }

    private func show(_ body: [UInt8]) throws {
        if output.json { return Console.line(body) }
        let found = try JSONDecoder().decode(Findings.self, from: Data(body))
        Console.line(
            "\(found.digest.prefix(12))…  \(found.entries - found.from) entries from #\(found.from) on, \(found.lag) behind: "
                + "\(found.gained) gained, \(found.lost) lost, \(found.changed) changed, \(found.notAdmitted) not admitted"
        )
        if let failure = found.failure { Console.line("cannot go on: \(failure)") }
        for item in found.rules {
            let rule = item.rule.isEmpty ? "engine" : item.rule
            Console.line("  \(rule)  \(item.type)  \(item.gained) gained, \(item.lost) lost, \(item.changed) changed")
        }
        for item in found.differences { Console.line(line(of: item)) }
    }

    private func line(of item: Findings.Difference) -> String {
        let place = item.recorded.flatMap { UInt64($0.sequence) }.map { "#\($0)" } ?? "–"
        var parts = ["  " + place, item.kind, item.type]
        if let subject = item.subject { parts.append(subject) }
        if let because = (item.simulated ?? item.recorded)?.because { parts.append("– " + because) }
        return parts.joined(separator: "  ")
    }
}
