import Glibc
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
