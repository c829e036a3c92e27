import ArgumentParser
import Audit
import Engine
import EventLog

/// `docket accounts`
struct Accounts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every account's balance, and that they sum to zero.",
        discussion: """
            Exits 1 when the balances of a currency do not sum to zero.

            Examples:
              docket accounts
              docket accounts --currency PKR --at 2024-02-16T16:00:00Z
              docket accounts --json
            """)

    @Option(help: ArgumentHelp("Only accounts of this currency.", valueName: "code"))
    var currency: String?

    @Option(help: ArgumentHelp("As they were after this entry, or at this time.", valueName: "sequence|time"))
    var at: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let moment = try MomentOption.moment(at)
        let log = try EventLog.openReader(directory: data.directory.log)
        let replay = try Replay(log)
        let progress = Progress("folding", total: log.size)
        try replay.fold(to: moment) { progress.update($0) }
        progress.finish()
        let table = AccountTable(replay, currency: currency)
        if output.json { table.json.forEach { Console.line($0) } } else { table.lines.forEach { Console.line($0) } }
        if table.lines.isEmpty { Console.message("there is no account" + (currency.map { " in `\($0)`" } ?? "")) }
        guard table.isBalanced else { throw Failure(.refused, "the balances do not sum to zero") }
    }
}
