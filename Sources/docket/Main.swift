import ArgumentParser
import Audit
import EventLog
import Glibc
import JSON

/// Parses the command line, runs the verb and turns what went wrong into an exit code.
@main
enum Main {
    static func main() async {
        DamagedFile.endsProcess(status: ExitStatus.couldNotRun.rawValue)
        // A reader that went away shows as an error of the write.
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

    /// Says what went wrong, on stderr unless help was asked for, and with which status the process ends.
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

    /// What is wrong with the command line, whose words take no line of their own.
    private static func usage(_ error: any Error) -> String {
        let words = CommandLine.arguments.dropFirst().flatMap { [$0] + $0.split(separator: "=").map(String.init) }
        return words.reduce(Docket.fullMessage(for: error)) { text, word in
            let shown = VisibleText.line(word)
            return shown == word ? text : text.replacing(word, with: shown)
        }
    }

    /// What to do about an error that everyone meets once.
    private static func advice(on error: any Error) -> String {
        if case .notALog = error as? EventLogError {
            return "; name the ledger's data directory with `--data`, or make one with `docket init`"
        }
        let isEmpty = if case .empty = error as? EventLogError { true } else { (error as? ReplayError)?.code == .empty }
        return isEmpty ? ": start it with `docket serve` and append an event" : ""
    }
}
