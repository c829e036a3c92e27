import Glibc
import LMDB
import TransparencyLog

extension EventLog {
    /// Writes the log up to the newest checkpoint as a tlog-tiles directory (c2sp.org/tlog-tiles), which is made where
    /// it does not exist: the entries, the hashes, last the checkpoint.
    ///
    /// A file that is there with the same bytes is left as it is, so an interrupted export is continued by another; the
    /// old checkpoint stands until everything that the new one signs is on the disk. Partial tiles of earlier exports
    /// are left to who reads them.
    /// - Parameters:
    ///   - cosignatures: those of witnesses that are appended to the checkpoint.
    ///   - known: the number of entries whose full tiles an earlier export is known to have.
    ///   - progress: called from time to time with the number of entries written.
    /// - Returns: the number of entries.
    /// - Throws: `empty` for a log without entries, `file` where a file cannot be written, `damaged` or `tampered` as
    ///   `scan`.
    @discardableResult
    package func exportTiles(
        to directory: String, cosignatures: CosignatureStore? = nil, known: UInt64 = 0,
        progress: (UInt64) -> Void = { _ in }
    ) throws(EventLogError) -> UInt64 {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }) else { throw .empty }
        let tiles = TileWriter(directory)
        let first = (min(known, newest.size) >> 8) << 8
        var (bundle, leaves, failure) = ([UInt8](), [Hash256](), EventLogError?.none)
        unsafe try scanHashed(transaction, first..<newest.size, size: newest.size) { sequence, bytes in
            unsafe EntryBundle.append(bytes, to: &bundle)
            unsafe leaves.append(leafHash(bytes))
            let isLast = sequence + 1 == newest.size
            guard leaves.count == TilePath.widthMax || isLast else { return true }
            do throws(EventLogError) {
                try tiles.write(bundle, TilePath(.entries, index: sequence >> 8, width: leaves.count))
                try tiles.write(leaves, TilePath(.hashes(level: 0), index: sequence >> 8, width: leaves.count))
            } catch {
                failure = error
            }
            bundle.removeAll(keepingCapacity: true)
            leaves.removeAll(keepingCapacity: true)
            progress(sequence)
            return failure == nil
        }
        if let failure { throw failure }
        try writeUpperTiles(tiles, transaction, from: first, size: newest.size)
        try tiles.syncFolders()
        let checkpoint = try FileWriter(replacing: directory + "/checkpoint")
        checkpoint.write(Self.note(newest.note, with: cosignatures))
        try checkpoint.finish()
        return newest.size
    }

    private func writeUpperTiles(
        _ tiles: TileWriter, _ transaction: ReadTransaction, from first: UInt64, size: UInt64
    ) throws(EventLogError) {
        var level = 1
        while level < 8, size >> UInt64(8 * level) > 0 {
            let count = size >> UInt64(8 * level)
            let last = (count - 1) >> 8
            // Where the level ends with a full tile, those behind it that are known to be there are of no entries yet.
            for index in min(first >> UInt64(8 * level + 8), last)...last {
                let width = Int(min(count - (index << 8), 256))
                let hashes = try storage { () throws(LMDBError) in try store.tile(transaction, level, index) }
                guard hashes.count >= width else {
                    throw .damaged(self.directory, "it has no hashes of tile \(level)/\(index)")
                }
                try tiles.write(
                    Array(hashes.prefix(width)), TilePath(.hashes(level: level), index: index, width: width))
            }
            level += 1
        }
    }
}

/// Writes the files of a tlog-tiles directory.
private final class TileWriter {
    private let directory: String
    private var folders: Set<String> = []

    init(_ directory: String) { self.directory = directory }

    func write(_ hashes: [Hash256], _ place: TilePath) throws(EventLogError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hashes.count * Hash256.bytes)
        for hash in hashes { unsafe hash.withBytes { unsafe bytes.append(contentsOf: $0) } }
        try write(bytes, place)
    }

    func write(_ bytes: [UInt8], _ place: TilePath) throws(EventLogError) {
        let path = directory + "/" + place.path
        if try Self.holds(path, bytes) { return }
        try makeFolder(of: path)
        let file = try FileWriter(replacing: path)
        file.write(bytes)
        try file.finish()
    }

    /// Returns true if a file has these bytes.
    private static func holds(_ path: String, _ bytes: [UInt8]) throws(EventLogError) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw .file(operation: "open", path: path, code: errno) }
            return false
        }
        defer { close(descriptor) }
        var found: [UInt8] = []
        while found.count <= bytes.count {
            var block = [UInt8](repeating: 0, count: bytes.count + 1)
            let count = retryingInterrupted { unsafe read(descriptor, &block, block.count) }
            guard count > 0 else { break }
            found += block[..<count]
        }
        return found == bytes
    }

    /// Makes the folders that a file lies in.
    private func makeFolder(of path: String) throws(EventLogError) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
        let folder = String(path[..<slash])
        guard !folder.isEmpty, folders.insert(folder).inserted else { return }
        if unsafe access(folder, F_OK) == 0 { return }
        try makeFolder(of: folder)
        guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw .file(operation: "make directory", path: folder, code: errno)
        }
    }

    /// Makes the names of the folders durable.
    func syncFolders() throws(EventLogError) { for folder in folders { try syncDirectory(of: folder) } }
}
