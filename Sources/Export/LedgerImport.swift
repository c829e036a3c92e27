import Audit
package import Engine
import EventLog
import Glibc
import TransparencyLog

/// A data directory made of an export: the same entries under the same checkpoint, without a signing key, so that it can
/// be read, verified and derived again, and nothing appended.
///
/// It is built beside its place and takes its name only once it is verified and on the disk.
package struct LedgerImport {
    private let source: VerifyInput
    private let key: VerifierKey
    private let directory: DataDirectory

    /// - Parameters:
    ///   - path: an NDJSON export with its checkpoint beside it, or a tlog-tiles directory.
    ///   - key: the log's verifier key.
    /// - Throws: `ExportError.unusable` where the path is neither, the key is not one, or the directory exists.
    package init(of path: String, trusting key: String, into directory: DataDirectory) throws(ExportError) {
        do throws(VerifyError) { source = try VerifyInput.detect(path) } catch { throw .unusable(error.description) }
        if case .log = source {
            throw .unusable("`\(path)` is a data directory: give an NDJSON export or a tlog-tiles directory")
        }
        do throws(NoteError) { self.key = try VerifierKey(key) } catch {
            throw .unusable("`\(key)` is not a verifier key: \(error)")
        }
        let directory = DataDirectory(Self.withoutSlash(directory.path))
        guard unsafe access(directory.path, F_OK) != 0 else {
            throw .unusable("`\(directory.path)` exists already: give a directory that does not")
        }
        self.directory = directory
    }

    private static func withoutSlash(_ path: String) -> String {
        var path = path[...]
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return String(path)
    }

    /// Verifies the export in full.
    /// - Throws: `ExportError.refused` with the place where it is bad, `unusable` if it cannot be read.
    package func verify(progress: @escaping @Sendable (UInt64, UInt64) -> Void) async throws(ExportError) {
        var verifier = Verifier(key: key)
        verifier.progress = progress
        let result: VerifyResult
        do throws(VerifyError) { result = try await verifier.run(source) } catch { throw .unusable(error.description) }
        guard result.verdict == .ok else {
            let bad = result.bad.first.map { bad in
                (bad.sequence.map { place($0) + ": " } ?? "")
                    + "\(bad.what): expected \(bad.expected), found \(bad.found)"
            }
            let torn = result.reason == .torn ? place(result.entries) + " is torn" : nil
            let why = bad ?? torn ?? result.reason?.rawValue ?? "it is not complete"
            throw .refused("the export does not hold, nothing was imported: \(result.verdict.rawValue): \(why)")
        }
    }

    /// Builds the ledger.
    /// - Parameter progress: called from time to time with the number of entries written.
    /// - Throws: `ExportError`; then nothing is left of it.
    package func build(progress: (UInt64) -> Void) throws(ExportError) -> ExportState {
        let partial = DataDirectory(directory.path + ".partial")
        let files = [partial.log + "/data.mdb", partial.log + "/lock.mdb", partial.log + "/writer.lock"]
        func clear() {
            for file in files { _ = unsafe unlink(file) }
            for folder in [partial.log, partial.path] { _ = unsafe rmdir(folder) }
        }
        clear()
        do {
            guard unsafe mkdir(partial.path, 0o700) == 0 else { throw PartialFile.failure("make", partial.path) }
            try fill(partial.log, progress)
            let state = try ExportState(newestOf: EventLog.openReader(directory: partial.log))
            try PartialFile.sync(partial.path)
            // On the disk if the process dies before this: a directory of another name, which the next import removes.
            guard unsafe rename(partial.path, directory.path) == 0 else {
                throw PartialFile.failure("rename", partial.path)
            }
            try PartialFile.sync(PartialFile.folder(of: directory.path))
            return state
        } catch {
            clear()
            if let error = error as? ExportError { throw error }
            if case .tampered? = error as? EventLogError {
                throw .refused("the export changed while it was read, nothing was imported: \(error)")
            }
            throw .unusable("\(error)")
        }
    }

    /// The place of an entry in the export.
    private func place(_ sequence: UInt64) -> String {
        if case .export = source { "entry \(sequence), line \(sequence + 1)" } else { "entry \(sequence)" }
    }

    private func fill(_ log: String, _ progress: (UInt64) -> Void) throws {
        switch source {
        case .log: break
        case .export(let path, _):
            let note = try Files.read(path + ".checkpoint")
            let log = try LogImport(directory: log, note: note, key: key)
            let lines = try ByteLines(path)
            while let line = try lines.next() {
                try log.append(line)
                if log.count % 4096 == 0 { progress(log.count) }
            }
            try log.finish()
        case .tiles(let directory):
            let note = try Files.read(directory + "/checkpoint")
            let size = try Checkpoint.open(note, key: key).size
            let log = try LogImport(directory: log, note: note, key: key)
            for index in 0..<(size + 255) / 256 {
                for entry in try Self.bundle(index, of: size, in: directory) { try log.append(entry) }
                progress(log.count)
            }
            try log.finish()
        }
    }

    /// The entries of a bundle, from a full tile where there is one.
    private static func bundle(_ index: UInt64, of size: UInt64, in directory: String) throws -> [[UInt8]] {
        let width = Int(min(256, size - index * 256))
        let full = directory + "/" + TilePath(.entries, index: index).path
        let path =
            unsafe access(full, F_OK) == 0
            ? full : directory + "/" + TilePath(.entries, index: index, width: width).path
        let bytes = try Files.read(path)
        guard let ranges = EntryBundle.ranges(bytes), ranges.count >= width else {
            throw ExportError.refused("`\(path)` lacks entries, nothing was imported")
        }
        return ranges.prefix(width).map { Array(bytes[$0]) }
    }
}

/// The lines of a file, one after another, without their line feeds.
private final class ByteLines {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0

    init(_ path: String) throws(ExportError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PartialFile.failure("open", path) }
    }

    deinit { close(descriptor) }

    /// - Throws: `refused` for a line that is longer than an entry, or unfinished.
    func next() throws(ExportError) -> [UInt8]? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            guard buffer.count - start <= LogFormat.entryBytesMax else {
                throw .refused("`\(path)` holds a line that is longer than an entry, nothing was imported")
            }
            buffer.removeSubrange(..<start)
            start = 0
            searched = buffer.count
            var block = [UInt8](repeating: 0, count: 1 << 20)
            let count = retryingInterrupted { unsafe read(descriptor, &block, block.count) }
            guard count >= 0 else { throw PartialFile.failure("read", path) }
            guard count > 0 else {
                guard buffer.isEmpty else {
                    throw .refused("`\(path)` ends in an unfinished line, nothing was imported")
                }
                return nil
            }
            buffer += block[..<count]
        }
    }
}
