import Glibc
package import LMDB
import Synchronization
package import TransparencyLog

/// Reads every byte of a log, an export or a tlog-tiles directory and says whether it is what its key signed.
///
/// It shares the format with the writer and none of its code, works on all cores and streams: memory does not grow
/// with the log.
package struct Verifier: Sendable {
    /// The trusted key; keys found in the data are not trusted.
    package var key: VerifierKey
    /// A checkpoint's note that was seen before.
    package var since: [UInt8]?
    /// How many threads read.
    package var threads: Int
    /// Called after each chunk with how many entries were read so far, from any thread.
    package var progress: (@Sendable (UInt64) -> Void)?

    /// A verifier that trusts a key and uses every core.
    package init(key: VerifierKey, since: [UInt8]? = nil) {
        self.key = key
        self.since = since
        threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Verifies; throws only where it could not run. A file that is damaged is proven bad.
    package func run(_ input: VerifyInput) async throws(VerifyError) -> VerifyResult {
        do throws(VerifyError) {
            return try await verify(input)
        } catch {
            guard case .damaged(let what) = error else { throw error }
            return .damaged(what)
        }
    }

    private func verify(_ input: VerifyInput) async throws(VerifyError) -> VerifyResult {
        let source = try input.source()
        let seen = try openSince()
        let note = try source.newestCheckpoint()
        let newest = note.map { note in
            Result { () throws(NoteError) in try Checkpoint.open(note, key: key) }
        }
        let size = newest.flatMap { try? $0.get().size }
        let wanted = Set([size, size.map { $0 == 0 ? 0 : $0 - 1 }, seen?.size].compactMap { $0 }).sorted()
        let shared = VerifyShared(VerifyCollector(key: key, keptSize: size.map { $0 == 0 ? 0 : $0 - 1 }))
        let failure = await withTaskGroup(of: VerifyError?.self) { group in
            for _ in 0..<threads {
                group.addTask {
                    do throws(VerifyError) {
                        try work(source, wanted, shared)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
        if let failure { throw failure }
        let verdict = VerifyVerdict(
            key: key, collected: shared.collector.withLock { $0 }, reader: try source.reader(),
            note: note, newest: newest, seen: seen, seenNote: since, isTorn: source.isTorn())
        return try verdict.result(shared.runs.withLock { $0 })
    }

    private func openSince() throws(VerifyError) -> Checkpoint? {
        guard let since else { return nil }
        do throws(NoteError) { return try Checkpoint.open(since, key: key) } catch { throw .since("\(error)") }
    }

    private func work(
        _ source: any VerifySource, _ wanted: [UInt64], _ shared: VerifyShared
    ) throws(VerifyError) {
        let reader = try source.reader()
        var worker = VerifyWorker(key: key, wanted: wanted)
        while try reader.withNextChunk({ chunk throws(VerifyError) in
            let result = try worker.process(chunk, reader)
            let entries = shared.collector.withLock { collector in
                collector.add(result)
                return collector.entries
            }
            progress?(entries)
        }) {}
        let finished = worker.digests.finish()
        shared.runs.withLock { $0 += finished }
    }
}

extension Verifier {
    /// A verifier that trusts a key given as text: `name+hash+base64`.
    /// - Parameter since: a checkpoint's note that was seen before.
    package init(trusting key: String, since: [UInt8]? = nil) throws(ReadingError) {
        do throws(NoteError) { self.init(key: try VerifierKey(key), since: since) } catch {
            throw ReadingError("`\(key)` is not a verifier key: \(error)")
        }
    }
}

/// What the threads of a verification add to.
final class VerifyShared: Sendable {
    let collector: Mutex<VerifyCollector>
    let runs = Mutex<[VerifyDigestRun]>([])

    init(_ collector: VerifyCollector) { self.collector = Mutex(collector) }
}

/// Why a verification could not run; nothing is said of the log.
package enum VerifyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path is neither a data directory, nor an export, nor a tlog-tiles directory.
    case notALog(path: String, why: String)
    /// A file could not be read or written; `code` is the errno.
    case file(operation: String, path: String, code: Int32)
    /// The log's file does not hold what was written to it: proven bad.
    case damaged(String)
    /// The log's storage could not be read.
    case storage(LMDBError)
    /// The checkpoint seen before is not one that the key signed.
    case since(String)

    /// An error of the storage: damage where it is that.
    init(_ error: LMDBError) { self = error.code == .damaged ? .damaged("\(error)") : .storage(error) }

    private static func text(of code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    /// One line.
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
