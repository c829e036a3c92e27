import ArgumentParser
import Audit
import Engine
import EventLog
import Rules

/// `docket reconcile`
struct Reconcile: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare a provider's or bank's statement with the ledger, line by line.",
        discussion: """
            The statement is CSV with the header `date,reference,amount,currency`: days as YYYY-MM-DD, amounts as signed \
            decimals, positive for money that came in at the provider. Lines are compared by reference with what moved \
            on the account. Of each reference: `missing` is what the ledger has and the statement does not, `extra` \
            the reverse, `different` another amount. Exits 1 when there is any, 2 when the statement cannot be read.

            Examples:
              docket reconcile gateway/bank march.csv
              docket reconcile gateway/bank/PKR march.csv --from 2024-03-01 --to 2024-03-31
              docket reconcile gateway/card - --json < statement.csv
            """)

    @Argument(help: "The provider's account, in all currencies or in one: `gateway/bank`, `gateway/bank/PKR`.")
    var account: String

    @Argument(help: "The statement; `-` for stdin.", completion: .file(extensions: ["csv"]))
    var statement: String

    @Option(
        help: ArgumentHelp(
            "What the ledger recorded before this day is not missing from the statement.", valueName: "date"))
    var from: String?

    @Option(
        help: ArgumentHelp(
            "What the ledger recorded after this day is not missing from the statement.", valueName: "date"))
    var to: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        for day in [from, to].compactMap({ $0 }) where !Statement.isDay(day) {
            throw ValidationError("`\(day)` is no date `YYYY-MM-DD`")
        }
    }

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let progress = Progress("folding", total: log.size)
        let replay = try Replay.atPresent(log) { progress.update($0) }
        progress.finish()
        let reconciliation = try Reconciliation(read(replay.currencies), account, in: replay, from: from, to: to)
        if output.json { Console.line(reconciliation.json) } else { reconciliation.lines.forEach { Console.line($0) } }
        if !reconciliation.agrees { throw ExitCode(ExitStatus.refused.rawValue) }
    }

    private func read(_ currencies: Currencies) throws -> Statement {
        let bytes = try FileText.read(statement)
        do throws(Statement.Failure) { return try Statement(csv: bytes, currencies) } catch {
            throw Failure(.couldNotRun, "\(statement):\(error.line): \(error.message)")
        }
    }
}
