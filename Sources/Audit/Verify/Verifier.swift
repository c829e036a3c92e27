import Glibc
package import LMDB
import Synchronization
package import TransparencyLog

/// Verifies every byte of a log, an export or a tlog-tiles directory against the key that signed it.
///
/// A source (`VerifySource`) cuts the entries into chunks of 4,096. Each thread takes chunks with a reader of its own
/// and checks them with a `VerifyWorker`: canonical form (`VerifyScanner`), sequence, time and hash link of each entry
/// (`VerifyEntryReader`), who appended it and why (`VerifyPromises`), the chunk's subtrees of the Merkle tree, stored
/// tiles and the checkpoints of commits. `VerifyCollector` joins the chunks in order into the tree and the roots that
/// were asked for; sorted digests find a source and id used twice (`VerifyDuplicates`), a walk of the tables what has
/// no place there (`VerifyTables`). `TamperLocalisation` then says which entries were changed, `VerifyForks` which
/// signatures contradict each other or what somebody outside holds (`VerifyPin`), and `VerifyVerdict` makes one result
/// of everything. A second reading, if entries are bad, names what they touched (`VerifyTouched`). Memory does not grow
/// with the log, but for a hash per 65,536 entries.
///
/// The verifier reads the format (`EventLog/FORMAT.md`), not the writer's module `EventLog`: it shares no code with
/// what composes, links and commits entries. It does share the libraries below: SHA-256, signed notes and proofs in
/// `TransparencyLog`, the pages in `LMDB`, and `JSON`'s parser for entries that are not canonical. `tools/verify.py`
/// shares nothing at all.
package struct Verifier: Sendable {
    /// The trusted key; keys found in the data are never trusted.
    package var key: VerifierKey
    /// The signed notes of checkpoints seen before, which the log must continue; receipts count as theirs.
    package var since: [[UInt8]]
    /// Receipts (C2SP tlog-proofs) of entries that the log must hold.
    package var receipts: [[UInt8]]
    /// The witnesses who must have cosigned the newest checkpoint, or one seen before of its size; nil asks for none.
    package var demand: WitnessDemand?
    /// The checkpoints whose signatures are verified.
    package var signatures = VerifySignatures.newest
    /// The number of threads that read.
    package var threads: Int
    /// Called after each chunk, from any thread, with the number of entries read so far and the number that there are,
    /// 0 if it is not known.
    package var progress: (@Sendable (UInt64, UInt64) -> Void)?

    /// A verifier that trusts a key and uses every core.
    package init(key: VerifierKey, since: [[UInt8]] = [], receipts: [[UInt8]] = []) {
        self.key = key
        self.since = since
        self.receipts = receipts
        threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Verifies the input. A damaged file is a result: proven bad.
    /// - Throws: `VerifyError` if the verification could not run.
    package func run(_ input: VerifyInput) async throws(VerifyError) -> VerifyResult {
        do throws(VerifyError) {
            return try await verify(input)
        } catch {
            guard case .damaged(let what) = error else { throw error }
            return .damaged(what)
        }
    }

    private func verify(_ input: VerifyInput) async throws(VerifyError) -> VerifyResult {
        guard case .log = input, signatures == .newest else { return try await verify(input, .all) }
        let result = try await verify(input, .newest)
        // Where a signature does not bear out all entries, those of the other commits are all that is left.
        return result.verdict == .fail || result.verdict == .fork ? try await verify(input, .all) : result
    }

    private func verify(
        _ input: VerifyInput, _ signatures: VerifySignatures
    ) async throws(VerifyError) -> VerifyResult {
        let source = try input.source()
        let (pins, refused) = try readPins()
        let note = try source.newestCheckpoint()
        let newest = note.map { note in
            Result { () throws(NoteError) in try Checkpoint.open(note, key: key) }
        }
        let size = newest.flatMap { try? $0.get().size }
        let wanted = VerifyWanted(checkpoint: size, pins: pins)
        let shared = VerifyShared(
            VerifyCollector(key: key, keptSize: size.map { $0 == 0 ? 0 : $0 - 1 }, wanted: wanted),
            total: source.entriesExpected ?? note.flatMap { VerifyCommit.sizeNamed(by: $0) } ?? 0)
        try await readAll(source, wanted, signatures, shared)
        let verdict = VerifyVerdict(
            key: key, collected: shared.collector.withLock { $0 }, reader: try source.reader(),
            note: note, newest: newest, pins: pins, refusedReceipts: refused, isTorn: source.isTorn())
        var (result, accused, forks) = try verdict.result(shared.runs.withLock { $0 })
        result.signatures = signatures
        if let demand {
            let own = note.flatMap { note in newest.flatMap { try? $0.get() }.map { (note, $0) } }
            result.judge(
                demand, notes: (own.map { [$0] } ?? []) + pins.map { ($0.note, $0.checkpoint) },
                roots: verdict.collected.roots)
        }
        if signatures == .all { result.evidence = try ForkFinder.evidence(forks, in: input, key: key) }
        if !accused.isEmpty, signatures == .all {
            result.touched = try VerifyTouched(by: accused, in: try input.source())
        }
        return result
    }

    private func readPins() throws(VerifyError) -> (pins: [VerifyPin], refused: [VerifyFinding]) {
        var pins: [VerifyPin] = []
        var refused: [VerifyFinding] = []
        for text in since {
            do throws(VerifyRefusal) {
                pins.append(try VerifyPin(text, key: key, isReceipt: false))
            } catch {
                throw .since(error.text)
            }
        }
        for text in receipts {
            do throws(VerifyRefusal) {
                pins.append(try VerifyPin(text, key: key, isReceipt: true))
            } catch {
                refused.append(error.finding)
            }
        }
        return (pins, refused)
    }

    private func readAll(
        _ source: any VerifySource, _ wanted: VerifyWanted, _ signatures: VerifySignatures, _ shared: VerifyShared
    ) async throws(VerifyError) {
        let failure = await withTaskGroup(of: VerifyError?.self) { group in
            for _ in 0..<threads {
                group.addTask {
                    do throws(VerifyError) {
                        try work(source, wanted, signatures, shared)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
        if let failure { throw failure }
    }

    private func work(
        _ source: any VerifySource, _ wanted: VerifyWanted, _ signatures: VerifySignatures, _ shared: VerifyShared
    ) throws(VerifyError) {
        let reader = try source.reader()
        var worker = VerifyWorker(key: key, signatures: signatures, wanted: wanted)
        while try reader.withNextChunk({ chunk throws(VerifyError) in
            let result = try worker.process(chunk, reader)
            let entries = shared.collector.withLock { collector in
                collector.add(result)
                return collector.entries
            }
            progress?(entries, shared.total)
        }) {}
        let finished = worker.digests.finish()
        shared.runs.withLock { $0 += finished }
    }
}

extension Verifier {
    /// A verifier that trusts a key given as text: `name+hash+base64`.
    /// - Parameters:
    ///   - since: signed notes of checkpoints seen before, or receipts.
    ///   - receipts: receipts of entries that the log must hold.
    /// - Throws: `ReadingError` if the text is not a verifier key.
    package init(
        trusting key: String, since: [[UInt8]] = [], receipts: [[UInt8]] = []
    ) throws(ReadingError) {
        do throws(NoteError) { self.init(key: try VerifierKey(key), since: since, receipts: receipts) } catch {
            throw ReadingError("`\(key)` is not a verifier key: \(error)")
        }
    }
}

extension Verifier {
    /// Indicates that every checkpoint seen before is one that the key signed.
    package var isUsable: Bool { (try? readPins()) != nil }
}

/// State that the threads of a verification add to.
final class VerifyShared: Sendable {
    let collector: Mutex<VerifyCollector>
    let runs = Mutex<[VerifyDigestRun]>([])
    /// The number of entries that are expected; 0 if unknown.
    let total: UInt64

    init(_ collector: VerifyCollector, total: UInt64) {
        self.collector = Mutex(collector)
        self.total = total
    }
}

/// The reason why a verification could not run; it says nothing about the log.
package enum VerifyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path is neither a data directory, nor an export, nor a tlog-tiles directory.
    case notALog(path: String, why: String)
    /// A file could not be read or written; `code` is the errno.
    case file(operation: String, path: String, code: Int32)
    /// The log's file does not hold what was written to it: proven bad.
    case damaged(String)
    /// The log's storage could not be read.
    case storage(LMDBError)
    /// The checkpoint seen before was not signed by the key.
    case since(String)

    /// Maps an error of the storage, telling damage apart.
    init(_ error: LMDBError) { self = error.code == .damaged ? .damaged("\(error)") : .storage(error) }

    private static func text(of code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    /// One line, for people.
    package var description: String {
        switch self {
        case .notALog(let path, let why): "`\(path)`: \(why)"
        case .file(let operation, let path, let code): "cannot \(operation) `\(path)`: \(Self.text(of: code))"
        case .damaged(let what): what
        case .storage(let error): "\(error)"
        case .since(let why): "the checkpoint seen before: \(why)"
        }
    }
}
