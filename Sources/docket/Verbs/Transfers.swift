import ArgumentParser
import Audit
import Engine

/// `docket transfers`
struct Transfers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what moved on one account, with its balance after each.",
        discussion: """
            Exits 1 when nothing ever moved on it.

            Examples:
              docket transfers wallet/U-ali/PKR
              docket transfers escrow/ORD-001/PKR --json
            """)

    @Argument(help: "The account: `wallet/U-ali/PKR`.")
    var account: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try LedgerReader(logDirectory: data.directory.log)
        let table = try TransferTable(of: account, in: reader.log, layout: reader.layout)
        guard !table.lines.isEmpty else { throw Failure(.refused, "nothing ever moved on `\(account)`") }
        if output.json { table.json.forEach { Console.line($0) } } else { table.lines.forEach { Console.line($0) } }
    }
}
