import Glibc
import LMDB
import TransparencyLog

extension EventLog {
    /// Writes the entries up to the newest checkpoint, one per line, to `path` and the checkpoint to `path.checkpoint`.
    ///
    /// Both are written under other names, synced and renamed, the entries first: a crash in between leaves the old
    /// checkpoint beside the new entries, which a verifier reports as incomplete. Returns the number of entries.
    /// - Parameters:
    ///   - cosignatures: those of witnesses that are appended to the checkpoint.
    ///   - progress: called from time to time with the number of entries written.
    /// - Throws: `empty` for a log without entries, `file` where one cannot be written, `damaged` or `tampered` as
    ///   `scan`.
    @discardableResult
    package func exportNDJSON(
        to path: String, cosignatures: CosignatureStore? = nil, progress: (UInt64) -> Void = { _ in }
    ) throws(EventLogError) -> UInt64 {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }) else { throw .empty }
        let file = try FileWriter(replacing: path)
        try write(transaction, 0..<newest.size, size: newest.size, to: file, progress)
        let checkpoint = try FileWriter(replacing: path + ".checkpoint")
        checkpoint.write(Self.note(newest.note, with: cosignatures))
        try file.sync()
        try checkpoint.sync()
        try file.finish()
        try checkpoint.finish()
        return newest.size
    }

    /// Appends to an earlier export what it lacks, up to the newest checkpoint, which then replaces the old one. Where
    /// there is none a new one is begun in the same way: a process that dies leaves what this continues.
    ///
    /// What the file holds is compared with the log, byte by byte. A line that an interrupted export left unfinished is
    /// written again.
    /// - Parameters: as of `exportNDJSON`.
    /// - Returns: the number of entries that were kept, and of all.
    /// - Throws: `otherExport` where the file holds another entry; otherwise as `exportNDJSON`.
    package func resumeNDJSON(
        to path: String, cosignatures: CosignatureStore? = nil, progress: (UInt64) -> Void = { _ in }
    ) throws(EventLogError) -> (kept: UInt64, size: UInt64) {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }) else { throw .empty }
        let earlier = try ExportedLines(path)
        var (kept, failure) = (UInt64(0), EventLogError?.none)
        unsafe try scanHashed(transaction, 0..<newest.size, size: newest.size) { sequence, bytes in
            do throws(EventLogError) {
                guard unsafe try earlier.takeNext(sequence, equalTo: bytes) else { return false }
                kept = sequence + 1
                if kept % 4096 == 0 { progress(kept) }
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        if kept == newest.size, try !earlier.isFinished() { throw .otherExport(path: path, sequence: kept) }
        let file = try FileWriter(continuing: path, from: earlier.position)
        try write(transaction, kept..<newest.size, size: newest.size, to: file, progress)
        // On the disk if the process dies here: more entries than the old checkpoint signs.
        try file.finish()
        let checkpoint = try FileWriter(replacing: path + ".checkpoint")
        checkpoint.write(Self.note(newest.note, with: cosignatures))
        try checkpoint.finish()
        return (kept, newest.size)
    }

    /// A checkpoint with the cosignatures that are kept for it.
    static func note(_ note: [UInt8], with cosignatures: CosignatureStore?) -> [UInt8] {
        cosignatures.map { Array($0.appended(to: String(decoding: note, as: UTF8.self)).utf8) } ?? note
    }

    private func write(
        _ transaction: ReadTransaction, _ range: Range<UInt64>, size: UInt64, to file: FileWriter,
        _ progress: (UInt64) -> Void
    ) throws(EventLogError) {
        unsafe try scanHashed(transaction, range, size: size) { sequence, bytes in
            unsafe file.write(bytes)
            file.write(UInt8(ascii: "\n"))
            if sequence % 4096 == 0 { progress(sequence) }
            return !file.hasFailed
        }
    }
}

/// The lines of an earlier export, read as far as they are those of the log.
private final class ExportedLines {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// The number of bytes of the lines that were taken.
    private(set) var position: UInt64 = 0

    /// Opens a file, which need not be there.
    init(_ path: String) throws(EventLogError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 || errno == ENOENT else { throw .file(operation: "open", path: path, code: errno) }
        isAtEnd = descriptor < 0
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Takes the next line if it is that.
    /// - Returns: false where the file ends, or ends within that line.
    /// - Throws: `otherExport` where it holds another one.
    func takeNext(_ sequence: UInt64, equalTo line: UnsafeRawBufferPointer) throws(EventLogError) -> Bool {
        try fill(line.count + 1)
        let rest = buffer[start...].prefix(line.count + 1)
        guard unsafe zip(rest, line).allSatisfy({ $0 == $1 }), rest.count <= line.count || rest.last == 0x0A else {
            throw .otherExport(path: path, sequence: sequence)
        }
        guard rest.count > line.count else { return false }
        start += line.count + 1
        position += UInt64(line.count) + 1
        return true
    }

    /// Returns true if nothing follows the lines that were taken.
    func isFinished() throws(EventLogError) -> Bool {
        try fill(1)
        return buffer.count == start
    }

    /// Reads on until so many bytes are there, or the file ends.
    private func fill(_ count: Int) throws(EventLogError) {
        guard buffer.count - start < count else { return }
        buffer.removeSubrange(..<start)
        start = 0
        while !isAtEnd, buffer.count < count {
            var block = [UInt8](repeating: 0, count: 1 << 20)
            let read = retryingInterrupted { unsafe Glibc.read(descriptor, &block, block.count) }
            guard read >= 0 else { throw .file(operation: "read", path: path, code: errno) }
            isAtEnd = read == 0
            buffer += block[..<read]
        }
    }
}
