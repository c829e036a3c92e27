import ArgumentParser
import Audit
import Engine
import EventLog
import Glibc
import Service
import Synchronization

/// `docket verify`
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read every byte of a log again and say whether it is what was signed.",
        discussion: """
            Checks each entry's form, the chain, the tree and every checkpoint, on all cores. WHAT is a data directory, an \
            NDJSON export or a tlog-tiles directory. The newest checkpoint's signature covers every entry, and the \
            checkpoints of all commits must have the roots of the same entries; --signatures all verifies the signature \
            of each commit too, which takes some 40 µs a commit. Where anything is proven bad all are verified. What somebody outside holds finds out an operator \
            who signed something else since: --since takes a checkpoint (of `docket checkpoint`) or a receipt, \
            --receipt a receipt that the log must still bear out.

            --policy takes a C2SP tlog-policy file, --witness the key of one witness: the newest checkpoint must bear \
            their cosignatures, else the verdict is INCOMPLETE. A cosigned checkpoint that the data directory keeps in \
            `state/` counts as seen before. Of a FORK --evidence writes what proves it to others: `docket check` reads it.

            --keys compares the keys of persons with the log, too: whoever has sealed data has the key that opens it, and \
            whoever was erased has none. That needs the data directory with its signing key, and may run beside the service.

            Verdicts: OK (exit 0); FAIL, FORK (1); STALE, INCOMPLETE (3). 2 when it could not run.

            Examples:
              docket verify --key example.com/ledger+1a2b3c4d+AUZ…
              docket verify history.ndjson --key ledger.vkey
              docket verify --key ledger.vkey --since checkpoint-of-last-week --since checkpoint-of-yesterday
              docket verify --key ledger.vkey --receipt fine.receipt
              docket verify --key ledger.vkey --signatures all
              docket verify --key ledger.vkey --policy witnesses.policy
              docket verify --key ledger.vkey --since seen --evidence fork.evidence
              docket verify --key ledger.vkey --keys
            """)

    @Argument(help: "What to verify. (default: the data directory)", completion: .file())
    var what: String?

    @OptionGroup var key: KeyOptions

    @Option(
        help: ArgumentHelp(
            "A checkpoint or receipt seen before, which the log must continue; repeatable.", valueName: "file"),
        completion: .file())
    var since: [String] = []

    @Option(
        help: ArgumentHelp("A receipt of an entry that the log must hold; repeatable.", valueName: "file"),
        completion: .file())
    var receipt: [String] = []

    @Option(help: "The commits whose signatures are verified.")
    var signatures = VerifySignatures.newest

    @OptionGroup var demand: DemandOptions

    @Option(
        help: ArgumentHelp("Where to write the evidence of a fork; `-` for stdout.", valueName: "file"),
        completion: .file())
    var evidence: String?

    @Flag(help: "Compare the keys of persons with the log, too.")
    var keys = false

    @OptionGroup var signing: SigningKeyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        DamagedFile.endsProcess(status: ExitStatus.refused.rawValue)
        let opened = keys ? try openKeys() : nil
        var result = try await VerifyRun.run(
            what ?? data.data, key: key, since: since, receipts: receipt, signatures: signatures, demand: demand)
        // Of a log that is bad its entries say nothing for certain.
        if let opened, result.verdict != .fail, result.verdict != .fork {
            do { result.add(try PersonKeyAudit.run(opened.log, keys: opened.keys, ledgerKey: opened.key)) } catch {
                throw Failure(.couldNotRun, "\(error)")
            }
        }
        if let evidence, let found = result.evidence {
            try FileText.write(found.bytes + [UInt8(ascii: "\n")], to: evidence)
        } else if evidence != nil, result.verdict == .fork {
            Console.message("of this fork nothing could be made that proves it without the log: no evidence is written")
        }
        if output.json { Console.line(result.json) } else { Console.page(result.text) }
        if result.verdict != .ok { throw ExitCode(result.verdict.exitCode) }
    }

    /// The log, the folder of its persons' keys, and the key that these are sealed with.
    private func openKeys() throws -> (log: EventLog, keys: String, key: [UInt8]) {
        let directory = DataDirectory(what ?? data.data)
        guard case .log? = try? VerifyInput.detect(directory.path), access(directory.keys, F_OK) == 0 else {
            throw Failure(.couldNotRun, "`--keys` needs a data directory with its `keys/`: `\(directory.path)` is none")
        }
        let log = try EventLog.openReader(directory: directory.log)
        let key = try signing.open(directory, of: log)
        do { return (log, directory.keys, try key.key(for: PersonKeys.purpose)) } catch {
            throw Failure(.couldNotRun, "\(error)")
        }
    }
}

extension VerifySignatures: ExpressibleByArgument {}

/// Runs a verification and shows its progress.
enum VerifyRun {
    static func run(
        _ path: String, key: KeyOptions, since: [String], receipts: [String],
        signatures: VerifySignatures = .newest, demand: DemandOptions? = nil
    ) async throws -> VerifyResult {
        do {
            let key = try key.read()
            var verifier = try Verifier(
                trusting: key, since: since.map { try FileText.read($0) },
                receipts: receipts.map { try FileText.read($0) })
            verifier.signatures = signatures
            verifier.demand = try demand?.read(log: key)
            if verifier.demand != nil { verifier.since += cosigned(in: path, key) }
            let progress = Mutex(Progress("verifying"))
            verifier.progress = { count, total in progress.withLock { $0.update(count, of: total) } }
            let result = try await verifier.run(VerifyInput.detect(path))
            progress.withLock { $0.finish() }
            return result
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.couldNotRun, "\(error)")
        }
    }
}

extension VerifyRun {
    /// The cosigned checkpoint that a data directory keeps, if the log's key signed it.
    private static func cosigned(in path: String, _ key: String) -> [[UInt8]] {
        let file = DataDirectory(path).state + "/cosigned"
        guard let note = try? Files.read(file), (try? Verifier(trusting: key, since: [note]))?.isUsable == true else {
            return []
        }
        return [note]
    }
}
