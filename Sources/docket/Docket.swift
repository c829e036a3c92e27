import ArgumentParser
import Audit
import CEL
import EventLog
import Glibc
import JSON

/// The command line: `docket VERB`.
struct Docket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket",
        abstract: "An event-sourced ledger and rules engine whose every decision can be proved and explained.",
        discussion: """
            Data goes to stdout, messages to stderr. Exit codes: 0 done; 1 what was checked is bad, or was refused; \
            2 wrong usage, or it could not run; 3 (verify) older than a checkpoint already seen, or incomplete.

            Examples:
              docket init --data ./data --origin example.com/ledger
              docket serve --data ./data
              docket append events.ndjson
              docket explain 58
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Running a ledger:", subcommands: [Init.self, Serve.self, Append.self, Run.self, ClockVerb.self]),
            CommandGroup(
                name: "Reading it:",
                subcommands: [
                    Log.self, Show.self, Accounts.self, Transfers.self, Reconcile.self, ReplayVerb.self, Explain.self,
                    Reveal.self,
                ]),
            CommandGroup(
                name: "Proving it:",
                subcommands: [
                    Verify.self, RecomputeVerb.self, ViewsVerb.self, Receipt.self, Dispute.self, Check.self,
                    CheckpointVerb.self,
                    Consistency.self,
                    ExportVerb.self, ImportVerb.self, Key.self, WitnessVerb.self, Follow.self,
                ]),
            CommandGroup(name: "Rules:", subcommands: [RulesVerb.self, Simulate.self, TypesVerb.self, CELVerb.self]),
        ])
}

/// Parses the command line, runs the verb and turns errors into exit codes.
@main
enum Main {
    static func main() async {
        DamagedFile.endsProcess(status: ExitStatus.couldNotRun.rawValue)
        // A reader that went away then shows as a write error.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Docket.parseAsRoot(CommandWords(Array(CommandLine.arguments.dropFirst())).checked())
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            Console.flush()
        } catch {
            Console.flush()
            exit(status(of: error))
        }
    }

    /// Reports an error, on stderr unless help was asked for, and returns the exit code.
    private static func status(of error: any Error) -> Int32 {
        if let failure = error as? Failure {
            Console.messages("docket: \(failure.message)")
            return failure.status.rawValue
        }
        if let code = error as? ExitCode { return code.rawValue }
        let code = Docket.exitCode(for: error)
        if code == .success {
            Console.page(Docket.fullMessage(for: error))
            Console.flush()
            return ExitStatus.done.rawValue
        }
        if code == .validationFailure {
            Console.messages(usage(error))
        } else {
            Console.message("docket: \(error)\(advice(on: error))")
        }
        return ExitStatus.couldNotRun.rawValue
    }

    /// The usage error, with control characters in the words it quotes escaped.
    private static func usage(_ error: any Error) -> String {
        let words = CommandLine.arguments.dropFirst().flatMap { [$0] + $0.split(separator: "=").map(String.init) }
        return words.reduce(Docket.fullMessage(for: error)) { text, word in
            let shown = VisibleText.line(word)
            return shown == word ? text : text.replacing(word, with: shown)
        }
    }

    /// Advice on errors that everyone meets once.
    private static func advice(on error: any Error) -> String {
        if case .notALog = error as? EventLogError {
            return "; name the ledger's data directory with `--data`, or make one with `docket init`"
        }
        let isEmpty = if case .empty = error as? EventLogError { true } else { (error as? ReplayError)?.code == .empty }
        return isEmpty ? ": start it with `docket serve` and append an event" : ""
    }
}

/// The words of the command line, before options are parsed.
struct CommandWords {
    private let words: [String]

    init(_ words: [String]) { self.words = words }

    /// The words for the parser.
    /// - Throws: `Failure` for an unknown verb, whatever options follow it.
    func checked() throws(Failure) -> [String] {
        try requireVerb()
        return words.first == "cel" ? Self.separatingExpression(words) : words
    }

    /// Follows the verbs down to one without subcommands.
    private func requireVerb() throws(Failure) {
        var command: any ParsableCommand.Type = Docket.self
        var path: [String] = []
        for word in words.first == "help" ? words.dropFirst() : words[...] {
            let known = command.configuration.subcommands
            guard !known.isEmpty, !word.hasPrefix("-") else { return }
            guard let next = known.first(where: { $0._commandName == word }) else {
                let names = known.map { (path + [$0._commandName]).joined(separator: " ") }
                let name = (path + [word]).joined(separator: " ")
                let nearest = Suggestion.text(for: name, among: path.isEmpty ? names + ["help"] : names)
                let help = (["docket"] + path + ["--help"]).joined(separator: " ")
                throw Failure(
                    .couldNotRun, "unknown command `\(name)`" + (nearest.isEmpty ? ": `\(help)` lists them" : nearest))
            }
            command = next
            path.append(word)
        }
    }

    /// Moves an expression that begins with a minus behind `--`, so that it is not taken for an option: `cel -1`.
    private static func separatingExpression(_ words: [String]) -> [String] {
        var index = 1
        while index < words.count, words[index] != "--" {
            let word = words[index]
            if word.hasPrefix("-"), word.count > 1, word != "-h", !isLongOption(word) {
                return words[..<index] + words[(index + 1)...] + ["--", word]
            }
            index += word == "--bindings" ? 2 : 1
        }
        return words
    }

    private static func isLongOption(_ word: String) -> Bool {
        word.utf8.starts(with: "--".utf8) && (word.utf8.dropFirst(2).first.map { $0 >= 0x61 && $0 <= 0x7A } ?? false)
    }
}
