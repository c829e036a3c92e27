import ArgumentParser
import Audit
import Engine
import EventLog
import Glibc

/// `docket receipt`
struct Receipt: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a receipt of one entry that anyone can check offline.",
        discussion: """
            A receipt is a C2SP tlog-proof: the entry (in its `extra` line), the hashes that lead from it to the root, \
            and the signed checkpoint, with the cosignatures that witnesses gave on it. With --cose it is a COSE receipt (RFC 9942), which the log's key signs: that needs \
            the key file, else the exit code is 2.

            Examples:
              docket receipt 58 -o fine.receipt
              docket receipt 58 --bare > proof
              docket receipt 58 --cose -o fine.cose
              docket receipt 58 --witnessed -o fine.receipt
            """)

    @Argument(help: "The entry's sequence.")
    var sequence: UInt64

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it; `-` for stdout.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Flag(help: "Leave the entry out, as other C2SP tools write receipts.")
    var bare = false

    @Flag(help: "Write a COSE receipt (RFC 9942, RFC9162_SHA256) instead; needs the signing key.")
    var cose = false

    @Flag(help: "Prove it under the newest checkpoint that witnesses cosigned, which may be an older one.")
    var witnessed = false

    @OptionGroup var signing: SigningKeyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        guard !cose || !witnessed else { throw ValidationError("a COSE receipt carries no cosignatures") }
    }

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let receipt: [UInt8]
        do { receipt = try make(log) } catch let error as EventLogError {
            if case .outOfRange = error { throw Failure(.refused, "\(error)") }
            throw error
        } catch let error as ReadingError {
            throw Failure(.refused, error.description)
        }
        if format.json {
            struct Made: Encodable { let sequence: UInt64, receipt: String }
            let text = cose ? EntryReceipt.base64(receipt) : String(decoding: receipt, as: UTF8.self)
            try Console.json(Made(sequence: sequence, receipt: text))
        } else {
            try FileText.write(receipt, to: output)
        }
    }

    private func make(_ log: EventLog) throws -> [UInt8] {
        guard cose else {
            let cosignatures = CosignatureStore(folder: data.directory.state, log: log)
            guard !witnessed else {
                return try EntryReceipt(of: sequence, in: log, isBare: bare, witnessed: cosignatures).text
            }
            return try EntryReceipt(of: sequence, in: log, isBare: bare, cosignatures: cosignatures).text
        }
        let signer = try signing.open(data.directory, of: log).signer()
        return try EntryReceipt.cose(of: sequence, in: log, isBare: bare, signer: signer)
    }
}

/// `docket check`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a receipt, a dispute bundle or evidence of a fork, with no ledger and no network.",
        discussion: """
            A receipt is a C2SP tlog-proof or a COSE receipt. Exits 0 when it proves its entry, 1 when it does not. Of a \
            dispute bundle each entry must be proved and each decision be what the rules in it give; its story is printed. Exits \
            3 where nothing is wrong, but a decision about its subject is proved and cannot be derived again. Evidence of a \
            fork (of `docket verify --evidence`) that holds says FORK and exits 1; evidence that proves nothing exits 2.

            With --policy or --witness a receipt's checkpoint must also be cosigned as they ask.

            Examples:
              docket check fine.receipt --key example.com/ledger+1a2b3c4d+AUZ…
              docket check proof --entry entry.json --key ledger.vkey
              docket check fine.cose --key ledger.vkey
              docket check COMP-001.dispute --key ledger.vkey --html COMP-001.html
              docket check fork.evidence --key ledger.vkey
              docket check fine.receipt --key ledger.vkey --policy witnesses.policy
            """)

    @Argument(help: "The receipt, bundle or evidence; `-` for stdin.", completion: .file())
    var receipt: String

    @OptionGroup var key: KeyOptions

    @Option(
        help: ArgumentHelp("The entry's bytes, where the receipt does not carry them.", valueName: "file"),
        completion: .file())
    var entry: String?

    @Option(
        help: ArgumentHelp("Where to write a bundle's story as a page that prints well.", valueName: "file"),
        completion: .file())
    var html: String?

    @OptionGroup var demand: DemandOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let bytes = try FileText.read(receipt, most: DisputeBundle.bytesMax)
        if ForkEvidence.isLikely(bytes) { return try check(evidence: bytes) }
        if DisputeBundle.isLikely(bytes) { return try check(bundle: bytes) }
        guard html == nil else { throw Failure(.couldNotRun, "`--html` is for dispute bundles") }
        do throws(ReceiptCheck.Failure) {
            let key = try readKey()
            let check = try ReceiptCheck(bytes, entry: entry.map(readEntry), key: key, demand: readDemand(key))
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

    private func check(evidence bytes: [UInt8]) throws {
        guard entry == nil, html == nil, demand.isEmpty else {
            throw Failure(.couldNotRun, "evidence of a fork is checked with `--key` alone")
        }
        do throws(ForkEvidence.Failure) {
            let check = try ForkEvidence(bytes).check(key: readEvidenceKey())
            if output.json {
                struct Proven: Encodable { let origin: String, sizes: [UInt64], verdict = "FORK", what: String }
                try? Console.json(Proven(origin: check.origin, sizes: check.sizes, what: check.what))
            } else {
                Console.page(check.text)
            }
        } catch {
            struct Refused: Encodable { let reason: String }
            if output.json { try Console.json(Refused(reason: error.description)) }
            throw Failure(.couldNotRun, "the evidence proves nothing: \(error)")
        }
        throw ExitCode(ExitStatus.refused.rawValue)
    }

    private func readEvidenceKey() throws(ForkEvidence.Failure) -> String {
        do throws(Failure) { return try key.read() } catch { throw ForkEvidence.Failure(error.message) }
    }

    private func check(bundle bytes: [UInt8]) throws {
        guard entry == nil, demand.isEmpty else {
            throw Failure(.couldNotRun, "`--entry`, `--policy` and `--witness` are for receipts")
        }
        UnsoundRows.endProcess(asJSON: output.json)
        let check: DisputeCheck
        do throws(DisputeCheck.Failure) { check = try DisputeCheck(bytes, key: try readBundleKey()) } catch {
            switch error {
            case .bad(let why):
                struct Refused: Encodable { let verdict: String, reason: String }
                if output.json { try Console.json(Refused(verdict: "FAIL", reason: why)) }
                throw Failure(.refused, "the bundle proves nothing: \(why)")
            case .unusable(let why): throw Failure(.couldNotRun, why)
            }
        }
        if let html { try FileText.write(check.html, to: html) }
        check.printed(asJSON: output.json)
        guard let objection = check.objection else { return }
        if check.verdict == .incomplete { throw Failure(.stale, "the bundle is not complete: \(objection)") }
        throw Failure(.refused, "the bundle does not hold: \(objection)")
    }

    private func readBundleKey() throws(DisputeCheck.Failure) -> String {
        do throws(Failure) { return try key.read() } catch { throw .unusable(error.message) }
    }

    private func read(_ path: String) throws(ReceiptCheck.Failure) -> [UInt8] {
        do throws(Failure) { return try FileText.read(path) } catch { throw .unusable(error.message) }
    }

    private func readDemand(_ key: String) throws(ReceiptCheck.Failure) -> WitnessDemand? {
        do throws(Failure) { return try demand.read(log: key) } catch { throw .unusable(error.message) }
    }

    private func readKey() throws(ReceiptCheck.Failure) -> String {
        do throws(Failure) { return try key.read() } catch { throw .unusable(error.message) }
    }

    /// Reads an entry's bytes, without the line feed that ends a file of one line.
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
            if let witnesses = check.witnesses, !witnesses.isEmpty {
                Console.line("witnessed by \(witnesses.joined(separator: ", "))")
            }
            Console.line(check.line)
        }
    }
}

/// Guard of the check of a bundle: the rows in it are not signed, and code that decides takes for granted what holds of
/// every ledger's rows, such as that two lists in one are of one length.
private enum UnsoundRows {
    private nonisolated(unsafe) static var printsJSON = false

    /// Makes a trap while decisions are derived again end the process with the verdict instead of by a signal.
    static func endProcess(asJSON: Bool) {
        printsJSON = asJSON
        for number in [SIGILL, SIGTRAP, SIGFPE] {
            signal(number) { _ in
                if UnsoundRows.printsJSON {
                    UnsoundRows.say(#"{"reason":"rows that no ledger has","verdict":"FAIL"}"#, 1)
                }
                UnsoundRows.say("docket: the bundle does not hold: it carries rows that no ledger has", 2)
                _exit(ExitStatus.refused.rawValue)
            }
        }
    }

    private static func say(_ line: StaticString, _ file: Int32) {
        _ = write(file, line.utf8Start, line.utf8CodeUnitCount)
        _ = write(file, "\n", 1)
    }
}
