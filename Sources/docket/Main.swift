import ArgumentParser
import EventLog
import Glibc

/// Parses the command line, runs the verb and turns what went wrong into an exit code.
@main
enum Main {
    static func main() async {
        DamagedFile.endsProcess(status: ExitStatus.couldNotRun.rawValue)
        // A reader that went away shows as an error of the write.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Docket.parseAsRoot()
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
            Console.message("docket: \(failure.message)")
            return failure.status.rawValue
        }
        if let code = error as? ExitCode { return code.rawValue }
        let code = Docket.exitCode(for: error)
        if code == .success {
            Console.line(Docket.fullMessage(for: error))
            Console.flush()
            return ExitStatus.done.rawValue
        }
        if code == .validationFailure {
            Console.message(Docket.fullMessage(for: error))
        } else {
            Console.message("docket: \(error)")
        }
        return ExitStatus.couldNotRun.rawValue
    }
}
