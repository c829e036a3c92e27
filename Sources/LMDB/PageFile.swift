import Glibc

/// A `data.mdb` as a file of pages, read without LMDB, which trusts every number that it finds in them.
@safe final class PageFile {
    /// The state that one commit left: a copy of its meta page.
    struct Meta: Hashable {
        let transaction: UInt64
        /// The number of pages that the commit says the file has, the two meta pages included.
        let pages: UInt64
        let mapBytes: UInt64
        let free: TreeRecord
        let main: TreeRecord
    }

    /// LMDB's record of one B-tree, 48 bytes.
    struct TreeRecord: Hashable {
        static let bytes = 48
        static let noRoot = UInt64.max

        let flags: UInt16
        let depth: UInt16
        let branchPages: UInt64
        let leafPages: UInt64
        let overflowPages: UInt64
        let entries: UInt64
        let root: UInt64

        init(_ bytes: UnsafeRawPointer) {
            flags = unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
            depth = unsafe bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
            branchPages = unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            leafPages = unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            overflowPages = unsafe bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
            entries = unsafe bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self)
            root = unsafe bytes.loadUnaligned(fromByteOffset: 40, as: UInt64.self)
        }
    }

    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let version: UInt32 = 1
    private static let metaFlag: UInt16 = 0x08
    private static let metaPages = 2
    private static let metaBytes = 152
    private static let mapBytesMax: UInt64 = 1 << 46
    /// The most attempts to read the meta pages, one of which a writer may be replacing.
    private static let looksMax = 5
    private static let lookMicroseconds: UInt32 = 20_000

    let path: String
    /// The size of a page in bytes.
    let pageBytes: Int
    /// The file's length.
    let bytes: Int
    /// The two meta pages, the newest first.
    let metas: [Meta]
    private let base: UnsafeRawPointer

    /// Maps the file; nil if there is none.
    /// - Throws: `damaged` if it is too short, or its meta pages are not as LMDB writes them.
    static func open(_ path: String) throws(LMDBError) -> PageFile? {
        for _ in 1..<looksMax {
            if let file = try? PageFile(path) { return file }
            if unsafe access(path, F_OK) != 0 { break }
            usleep(lookMicroseconds)
        }
        guard unsafe access(path, F_OK) == 0 || errno != ENOENT else { return nil }
        return try PageFile(path)
    }

    private init(_ path: String) throws(LMDBError) {
        self.path = path
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LMDBError(errno, "open") }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 16 + Self.metaBytes)
        let count = unsafe pread(descriptor, &head, head.count, 0)
        guard count >= 0 else { throw LMDBError(errno, "read") }
        guard count == head.count else { throw .damaged(path, "it has \(count) bytes") }
        let pageBytes = unsafe head.withUnsafeBytes {
            unsafe Int($0.loadUnaligned(fromByteOffset: 40, as: UInt32.self))
        }
        guard pageBytes.nonzeroBitCount == 1, (512...32_768).contains(pageBytes) else {
            throw .damaged(path, "it does not begin with a meta page")
        }
        self.pageBytes = pageBytes
        var pages = [UInt8](repeating: 0, count: Self.metaPages * pageBytes)
        let read = unsafe pread(descriptor, &pages, pages.count, 0)
        guard read == pages.count else { throw .damaged(path, "it has \(read) bytes, less than its two meta pages") }
        metas = try Self.metas(pages, pageBytes, path)
        // The length is read after the meta pages, which never refer to pages that are not yet written.
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw LMDBError(errno, "stat") }
        bytes = Int(status.st_size)
        let map = unsafe mmap(nil, bytes, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let map = unsafe map, unsafe map != MAP_FAILED else { throw LMDBError(errno, "map") }
        unsafe base = UnsafeRawPointer(map)
    }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), bytes) }

    private static func metas(_ pages: [UInt8], _ pageBytes: Int, _ path: String) throws(LMDBError) -> [Meta] {
        var metas: [Meta] = []
        for number in 0..<metaPages {
            let meta = unsafe pages.withUnsafeBytes { buffer -> Meta? in
                unsafe Self.meta(buffer.baseAddress! + number * pageBytes, number, pageBytes)
            }
            guard let meta else { throw .damaged(path, "page \(number) is not a meta page") }
            metas.append(meta)
        }
        metas.sort { $0.transaction > $1.transaction }
        // Each commit overwrites the meta page of the commit before the last.
        let isFresh = metas[0].transaction == 0 && metas[1].transaction == 0
        guard isFresh || metas[0].transaction == metas[1].transaction + 1 else {
            throw .damaged(
                path, "its meta pages are of commits \(metas[1].transaction) and \(metas[0].transaction)")
        }
        return metas
    }

    private static func meta(_ page: UnsafeRawPointer, _ number: Int, _ pageBytes: Int) -> Meta? {
        guard unsafe page.loadUnaligned(as: UInt64.self) == UInt64(number),
            unsafe page.loadUnaligned(fromByteOffset: 10, as: UInt16.self) == metaFlag,
            unsafe page.loadUnaligned(fromByteOffset: 16, as: UInt32.self) == magic,
            unsafe page.loadUnaligned(fromByteOffset: 20, as: UInt32.self) == version,
            unsafe page.loadUnaligned(fromByteOffset: 40, as: UInt32.self) == UInt32(pageBytes)
        else { return nil }
        let last = unsafe page.loadUnaligned(fromByteOffset: 136, as: UInt64.self)
        let meta = unsafe Meta(
            transaction: page.loadUnaligned(fromByteOffset: 144, as: UInt64.self), pages: last &+ 1,
            mapBytes: page.loadUnaligned(fromByteOffset: 32, as: UInt64.self), free: TreeRecord(page + 40),
            main: TreeRecord(page + 40 + TreeRecord.bytes))
        let isPlaced = meta.transaction & 1 == UInt64(number) || meta.transaction == 0
        let isSane = last >= 1 && last < mapBytesMax / UInt64(pageBytes) && meta.mapBytes <= mapBytesMax
        return isPlaced && isSane ? meta : nil
    }

    /// The number of words with a bit for each page that a commit may use: what a meta page says alone has no bound.
    func wordsOfPages(upTo pages: UInt64) -> Int { Int(min(pages, UInt64(bytes / pageBytes)) / 64) + 1 }

    static func isEmpty(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_size == 0
    }

    /// Indicates that the file is as long as its newest commit says. Pages that were given up in the commit that made
    /// them may be missing at the end of an intact file.
    var isFull: Bool { UInt64(bytes) / UInt64(pageBytes) >= metas[0].pages }

    /// A page in place; nil if the file ends within or before it.
    func page(_ number: UInt64) -> UnsafeRawPointer? {
        guard number < UInt64(bytes / pageBytes) else { return nil }
        return unsafe base + Int(number) * pageBytes
    }
}
