import ArgumentParser
import Audit
import Engine
import EventLog
import FoundationEssentials
import Rules

/// `docket rules activate`
struct RulesActivate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Put a rule set in force in a running ledger.",
        discussion: """
            Sends the rule files of a folder to the service, which checks them, records what the log does not hold yet \
            and appends the activation. A rule set in error is refused, with every place, and the one in force stays. \
            An earlier rule set comes back by its digest (`docket rules show` lists them).

            With --effective-from it comes into force at that time, which must be ahead of the ledger's: several may be \
            scheduled, each comes into force at its own time, and `docket rules schedule` lists them and takes them back. \
            An activation without a time leaves them standing.

            Where `policy.yaml` says `activation: {simulation: required}`, --simulation brings the signed report of \
            `docket simulate` on these rules; --dry-run wants it, too.

            Exits 1 when the rule set is refused, 2 when the service cannot be reached.

            Examples:
              docket rules activate rules
              docket rules activate rules --dry-run
              docket rules activate rules --effective-from 2026-12-01T00:00:00+05:00
              docket rules activate rules --simulation report
              docket rules activate --digest cdb616bacd365c39…
            """)

    @Argument(help: "The folder of rule files.", completion: .directory)
    var directory: String?

    @Option(help: ArgumentHelp("An earlier rule set, in full or its first characters.", valueName: "digest"))
    var digest: String?

    @Option(help: ArgumentHelp("From when it is in force. (default: at once)", valueName: "time"))
    var effectiveFrom: String?

    @Option(
        help: ArgumentHelp("The signed report of a simulation of the rule set.", valueName: "file"),
        completion: .file())
    var simulation: String?

    @Flag(help: "Only check it.")
    var dryRun = false

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (directory == nil) != (digest == nil) else {
            throw ValidationError("name a folder of rule files, or an earlier rule set with `--digest`")
        }
    }

    private struct Body: Encodable {
        var files: [String: String]?
        var digest: String?
        var effectiveFrom: String?
        var simulation: String?
    }

    private struct Answer: Decodable {
        let digest: String
        let sequence: UInt64?
        let effectiveFrom: String?
        let checkpoint: String?
        let schedule: [ScheduledRuleSet]?
    }

    func run() throws {
        let client = HTTPClient(path: service.path)
        let response = try client.send(
            "POST", "/v1/rulesets" + (dryRun ? "?dryRun=true" : ""), contentType: "application/json",
            body: Array(try JSONEncoder().encode(body(client))))
        guard response.isSuccess else {
            let problem = ProblemDetails.decode(response.body)
            throw Failure(response.status >= 500 ? .couldNotRun : .refused, page: problem?.detail ?? "refused")
        }
        if output.json { return Console.line(response.body) }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(response.body))
        Console.line(answer.digest)
        if dryRun {
            Console.message("the rule set is in order; nothing was changed")
        } else if let sequence = answer.sequence {
            let when = answer.effectiveFrom.map { "from \($0)" } ?? "now"
            Console.message(
                "#\(sequence): in force \(when)" + (answer.checkpoint == nil ? ", as scheduled already" : ""))
        } else {
            Console.message("in force already")
        }
        for other in answer.schedule ?? [] where other.activated != answer.sequence {
            Console.message("still scheduled: \(other.text)")
        }
    }

    private func body(_ client: HTTPClient) throws -> Body {
        var body = Body(effectiveFrom: effectiveFrom)
        if let simulation { body.simulation = String(decoding: try FileText.read(simulation), as: UTF8.self) }
        if let directory {
            body.files = [:]
            for file in try RuleFolder.read(directory) {
                body.files?[file.name] = String(decoding: file.text, as: UTF8.self)
            }
        } else if let digest {
            body.digest = try full(digest, client)
        }
        return body
    }

    /// Expands a prefix to the one digest in the ledger's history that begins with it; a whole digest is left to the
    /// service.
    private func full(_ text: String, _ client: HTTPClient) throws -> String {
        let digest = text.hasSuffix("…") ? String(text.dropLast()) : text
        guard digest.utf8.count < 64 else { return digest }
        struct Listing: Decodable {
            struct Item: Decodable { let digest: String }
            let rulesets: [Item], schedule: [Item]
        }
        let response = try client.send("GET", "/v1/rulesets")
        guard response.status == 200 else { return digest }
        let listing = try JSONDecoder().decode(Listing.self, from: Data(response.body))
        let found = Set((listing.rulesets + listing.schedule).map(\.digest).filter { $0.hasPrefix(digest) })
        guard found.count == 1, let one = found.first else {
            throw Failure(
                .refused, found.isEmpty ? "the log holds no rule set `\(digest)…`" : "`\(digest)` is not one rule set")
        }
        return one
    }
}

/// `docket rules show`
struct RulesShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the rule set in force, or one that was, as the log holds it.",
        discussion: """
            A rule set that was in force before is named by its digest, which `docket log --type ruleset.activated` lists.

            Examples:
              docket rules show
              docket rules show 3f1c… --file complaint.yaml
            """)

    @Argument(help: "A rule set's digest, or its first characters. (default: the one in force)")
    var digest: String?

    @Option(help: ArgumentHelp("Print this file as it was written.", valueName: "name"))
    var file: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Shown: Encodable {
        let digest: String, activated: UInt64, effectiveFrom: String?, isInForce: Bool, files: [String]
    }

    private func find(in known: RuleSetList) throws -> RuleSetList.Item {
        do throws(ReadingError) { return try known.find(digest) } catch { throw Failure(.refused, "\(error)") }
    }

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let replay = try Replay(log)
        try replay.fold()
        let chosen = try find(in: RuleSetList(replay))
        guard let files = replay.machine.ruleFiles(of: chosen.digest) else {
            throw Failure(.refused, "the log lacks a file of rule set `\(chosen.digest)`")
        }
        if let file {
            guard let found = files.first(where: { $0.name == file }) else {
                throw Failure(.refused, "the rule set has no file `\(file)`")
            }
            return Console.file(found.text)
        }
        if output.json {
            try Console.json(
                Shown(
                    digest: chosen.digest, activated: chosen.activated, effectiveFrom: chosen.effectiveFrom,
                    isInForce: chosen.isInForce, files: files.map(\.name)))
        } else {
            Console.line("\(chosen.digest)  \(chosen.standing)")
            for file in files { Console.line("  \(file.name)  \(file.text.count) bytes") }
        }
    }
}
