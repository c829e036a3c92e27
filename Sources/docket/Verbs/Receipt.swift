import ArgumentParser
import Audit
import Engine
import EventLog

/// `docket receipt`
struct Receipt: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a receipt of one entry that anyone can check offline.",
        discussion: """
            A receipt is a C2SP tlog-proof: the entry (in its `extra` line), the hashes that lead from it to the root, \
            and the signed checkpoint.

            Examples:
              docket receipt 58 -o fine.receipt
              docket receipt 58 --bare > proof
            """)

    @Argument(help: "The entry's sequence.")
    var sequence: UInt64

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it; `-` for stdout.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(help: "Leave the entry out, as other C2SP tools write receipts.")
    var bare = false

    @OptionGroup var data: DataOptions
    @OptionGroup var format: OutputOptions

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let receipt: EntryReceipt
        do { receipt = try EntryReceipt(of: sequence, in: log, isBare: bare) } catch let error as EventLogError {
            if case .outOfRange = error { throw Failure(.refused, "\(error)") }
            throw error
        }
        if format.json {
            struct Made: Encodable { let sequence: UInt64, receipt: String }
            try Console.json(Made(sequence: sequence, receipt: String(decoding: receipt.text, as: UTF8.self)))
        } else {
            try FileText.write(receipt.text, to: output)
        }
    }
}
