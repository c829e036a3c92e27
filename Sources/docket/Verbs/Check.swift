import ArgumentParser
import Audit

/// `docket check`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a receipt, with no ledger and no network.",
        discussion: """
            Exits 0 when the receipt proves its entry, 1 when it does not.

            Examples:
              docket check fine.receipt --key example.com/ledger+1a2b3c4d+AUZ…
              docket check proof --entry entry.json --key ledger.vkey
            """)

    @Argument(help: "The receipt; `-` for stdin.", completion: .file())
    var receipt: String

    @OptionGroup var key: KeyOptions

    @Option(
        help: ArgumentHelp("The entry's bytes, where the receipt does not carry them.", valueName: "file"),
        completion: .file())
    var entry: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        do throws(ReceiptCheck.Failure) {
            let check = try ReceiptCheck(read(receipt), entry: entry.map(readEntry), key: readKey())
            print(check)
        } catch {
            if output.json {
                struct Refused: Encodable { let verdict: String, reason: String }
                if case .bad(let why) = error { try Console.json(Refused(verdict: "FAIL", reason: why)) }
            }
            switch error {
            case .bad(let why): throw Failure(.refused, "the receipt proves nothing: \(why)")
            case .unusable(let why): throw Failure(.couldNotRun, why)
            }
        }
    }

    private func read(_ path: String) throws(ReceiptCheck.Failure) -> [UInt8] {
        do throws(Failure) { return try FileText.read(path) } catch { throw .unusable(error.message) }
    }

    private func readKey() throws(ReceiptCheck.Failure) -> String {
        do throws(Failure) { return try key.read() } catch { throw .unusable(error.message) }
    }

    /// An entry has no line feed; a file of one line does.
    private func readEntry(_ path: String) throws(ReceiptCheck.Failure) -> [UInt8] {
        var bytes = try read(path)
        if bytes.last == 0x0A { bytes.removeLast() }
        return bytes
    }

    private func print(_ check: ReceiptCheck) {
        if output.json {
            struct Proven: Encodable {
                let verdict = "OK"
                let origin: String, sequence: UInt64, treeSize: UInt64, hash: String
            }
            try? Console.json(
                Proven(origin: check.origin, sequence: check.sequence, treeSize: check.treeSize, hash: check.hash))
        } else {
            Console.line(
                "OK: entry \(check.sequence) of \(check.origin), under a signed checkpoint of \(check.treeSize) entries"
            )
            Console.line(check.line)
        }
    }
}
