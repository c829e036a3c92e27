import ArgumentParser
import CommandKit
import Engine
import EventLog
import Synchronization

/// `docket views`
struct ViewsVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "views",
        abstract: "Check the tables that are kept beside the log.",
        discussion: """
            Examples:
              docket views check --data ./data
            """,
        subcommands: [ViewsCheck.self])
}

/// `docket views check`
struct ViewsCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether the views hold what the service wrote.",
        discussion: """
            Hashes every row on all cores and compares the sums with the seal that was written with them, beside a running \
            service or without one. A start of the service does the same, and makes views that differ again from the log. \
            The seal is made with a key that follows from the signing key, so this needs the key file.

            Exits 1 and names the tables whose rows are not those that were written, 2 without the key or without views. \
            That the rows follow from the log is another question.

            Examples:
              docket views check --data ./data
              docket views check --data ./data --key-file /etc/docket/key --passphrase-file /run/passphrase
            """)

    @OptionGroup var signing: SigningKeyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    struct Report: Encodable {
        struct Finding: Encodable {
            let message: String
            /// Nil where the seal, the position or the log is not as it was.
            let table: String?
        }

        let entries: UInt64
        let findings: [Finding]
        let rows: UInt64
        let verdict: String
    }

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let secret = try secret(of: log)
        let progress = Mutex(Progress("hashing rows", total: 0))
        let check = try ViewCheck.run(data.directory, log, secret) { done, total in
            progress.withLock { $0.update(done, of: total) }
        }
        progress.withLock { $0.finish() }
        guard let check else {
            throw Failure(
                .couldNotRun, "`\(data.data)` has no views of this version; the service makes them when it starts")
        }
        if output.json {
            try Console.json(Report(check))
        } else if check.isSound {
            let rows = Text.grouped(check.rows), entries = Text.grouped(check.position)
            Console.line("OK: the views hold what was written, \(rows) rows of \(entries) entries")
        } else {
            for finding in check.findings { Console.line("FAIL: \(finding)") }
        }
        if !check.isSound { throw ExitCode(ExitStatus.refused.rawValue) }
    }

    private func secret(of log: EventLog) throws -> ViewSecret {
        let key = try signing.open(data.directory, of: log)
        do { return try ViewSecret(key.key(for: ViewSecret.purpose)) } catch {
            throw Failure(.couldNotRun, "\(error)")
        }
    }
}

extension ViewsCheck.Report {
    init(_ check: ViewCheck) {
        entries = check.position
        rows = check.rows
        verdict = check.isSound ? "OK" : "FAIL"
        findings = check.findings.map { finding in
            if case .table(let name) = finding {
                Finding(message: "\(finding)", table: name)
            } else {
                Finding(message: "\(finding)", table: nil)
            }
        }
    }
}
