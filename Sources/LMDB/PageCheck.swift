import CLMDB
import Glibc

/// The check of an environment's pages in one snapshot, before anything relies on them.
enum PageCheck {
    /// Files of up to 64 MiB are read whole, which takes a hundredth of a second.
    private static let wholePagesMax: UInt64 = 16_384
    private static let snapshotsMax = 100

    /// Checks the newest commit.
    /// - Parameter isWhole: reads every page, however many there are.
    /// - Throws: `damaged` with the first page that cannot be right.
    static func run(_ env: OpaquePointer, _ directory: String, isWhole: Bool) throws(LMDBError) {
        for _ in 0..<snapshotsMax {
            var txn: OpaquePointer?
            try check(unsafe mdb_txn_begin(env, nil, UInt32(MDB_RDONLY), &txn), "begin")
            // While it is open no page of the snapshot is reused.
            defer { unsafe mdb_txn_abort(txn) }
            guard let file = try PageFile.open(directory + "/data.mdb") else { return }
            let id = unsafe mdb_txn_id(txn)
            guard let meta = file.metas.first(where: { $0.transaction == UInt64(id) }) else { continue }
            let readsAll = isWhole || meta.pages <= wholePagesMax || !file.isFull
            var walk = PageWalk(file, meta, readsAll ? .everything : .branches)
            try walk.run()
            return
        }
        throw LMDBError(EAGAIN, "check pages")
    }
}

/// The last line of defence against a damaged file, for damage that no check found on opening.
package enum DamageGuard {
    /// Makes a read of a mapped `data.mdb` that the file or the disk cannot satisfy, and a page that LMDB finds
    /// impossible, end the process with a message on stderr and an exit status instead of by a signal.
    package static func endProcess(status: Int32) { clmdb_guard(status) }
}

/// A walk of the B-trees of one commit that checks everything that LMDB takes for granted: page numbers are within the
/// file, each page is used once and is of the expected kind, nodes lie within their page, keys rise, and no page in use
/// is on the list of free pages.
@safe struct PageWalk: ~Copyable {
    /// The extent of a walk.
    enum Extent {
        /// Every page.
        case everything
        /// All pages but the tables' leaves, of which only the last is read: a few thousandths of a large file.
        case branches
        /// All pages but the leaves of one table.
        case allBut(String)
    }

    private static let branchFlag: UInt16 = 0x01, leafFlag: UInt16 = 0x02, overflowFlag: UInt16 = 0x04
    static let bigData: UInt16 = 0x01
    private static let subTable: UInt16 = 0x02
    private static let integerKeys: UInt16 = 0x08
    private static let headBytes = 16, nodeBytes = 8, depthMax = 31
    static let keyBytesMax = 511

    private let file: PageFile
    private let meta: PageFile.Meta
    private let extent: Extent
    /// A bit for each page that is used or free.
    private(set) var isUsed: [UInt64]
    /// The counts found in the tree at hand.
    private var counts = (branches: UInt64(0), leaves: UInt64(0), overflows: UInt64(0), entries: UInt64(0))
    private var tables: [(name: String, record: PageFile.TreeRecord)] = []

    /// The reason a page cannot be right.
    struct Fault: Error { let text: String }

    /// A tree being walked.
    private struct Tree {
        let kind: Kind
        let record: PageFile.TreeRecord
        let readsLeaves: Bool
        /// Reads the last leaf at least.
        let readsLast: Bool
        var hasIntegerKeys: Bool { kind == .free || record.flags & PageWalk.integerKeys != 0 }

        enum Kind { case free, main, table }
    }

    init(_ file: PageFile, _ meta: PageFile.Meta, _ extent: Extent) {
        self.file = file
        self.meta = meta
        self.extent = extent
        isUsed = [UInt64](repeating: 0, count: file.wordsOfPages(upTo: meta.pages))
    }

    /// Walks all trees.
    /// - Throws: `damaged` with the first fault.
    mutating func run() throws(LMDBError) {
        do throws(Fault) {
            try walk(Tree(kind: .main, record: meta.main, readsLeaves: true, readsLast: true), "the table of tables")
            for (name, record) in tables {
                let tree = Tree(
                    kind: .table, record: record, readsLeaves: readsLeaves(of: name), readsLast: readsLast(of: name))
                try walk(tree, "table `\(name)`")
            }
            try walk(Tree(kind: .free, record: meta.free, readsLeaves: true, readsLast: true), "the list of free pages")
        } catch {
            throw .damaged(file.path, error.text)
        }
    }

    private func readsLeaves(of table: String) -> Bool {
        switch extent {
        case .everything: true
        case .branches: false
        case .allBut(let name): name != table
        }
    }

    private func readsLast(of table: String) -> Bool {
        if case .allBut(let name) = extent { name != table } else { true }
    }

    /// The record of a table that was walked; nil if there is none.
    func record(of table: String) -> PageFile.TreeRecord? { tables.first { $0.name == table }?.record }

    private mutating func walk(_ tree: Tree, _ name: String) throws(Fault) {
        counts = (0, 0, 0, 0)
        let record = tree.record
        guard record.flags & ~Self.integerKeys == 0 || tree.kind == .free, record.depth <= Self.depthMax else {
            throw Fault(text: "\(name) has flags \(record.flags) and depth \(record.depth)")
        }
        guard record.root != PageFile.TreeRecord.noRoot else {
            guard record.depth == 0, record.entries == 0 else {
                throw Fault(text: "\(name) has \(record.entries) entries and no page")
            }
            return
        }
        guard record.depth > 0 else { throw Fault(text: "\(name) has a page and depth 0") }
        unsafe try page(record.root, tree, depth: 1, above: nil, below: nil, isLast: tree.readsLast)
        guard counts.branches == record.branchPages, counts.leaves == record.leafPages else {
            throw Fault(
                text: "\(name) has \(counts.branches + counts.leaves) pages instead of "
                    + "\(record.branchPages &+ record.leafPages)")
        }
        guard !tree.readsLeaves || (counts.entries == record.entries && counts.overflows == record.overflowPages) else {
            throw Fault(text: "\(name) has \(counts.entries) entries instead of \(record.entries)")
        }
    }

    private mutating func use(_ number: UInt64, _ count: UInt64 = 1) throws(Fault) {
        let (end, overflow) = number.addingReportingOverflow(count)
        guard number > 1, !overflow, end <= meta.pages else {
            throw Fault(text: "a page \(number) is named, of \(meta.pages)")
        }
        guard end <= UInt64(file.bytes / file.pageBytes) else {
            throw Fault(text: "the file ends at \(file.bytes) bytes, before page \(end - 1)")
        }
        for page in number..<end {
            let bit = UInt64(1) << (page & 63)
            guard isUsed[Int(page >> 6)] & bit == 0 else { throw Fault(text: "page \(page) is used twice") }
            isUsed[Int(page >> 6)] |= bit
        }
    }

    private mutating func page(
        _ number: UInt64, _ tree: Tree, depth: UInt16, above: UnsafeRawBufferPointer?, below: UnsafeRawBufferPointer?,
        isLast: Bool
    ) throws(Fault) {
        try use(number)
        let isLeaf = depth == tree.record.depth
        if isLeaf { counts.leaves += 1 } else { counts.branches += 1 }
        guard !isLeaf || tree.readsLeaves || isLast else { return }
        guard let start = unsafe file.page(number) else { throw Fault(text: "page \(number) is not in the file") }
        let nodes = unsafe try Nodes(start, number, file.pageBytes, isLeaf: isLeaf)
        let least = isLeaf || tree.kind == .free ? 1 : 2
        guard nodes.count >= least else { throw Fault(text: "page \(number) has \(nodes.count) nodes") }
        if isLeaf { counts.entries += UInt64(nodes.count) }
        var end = nodes.upper
        for i in 0..<nodes.count {
            end += try nodes.spaceBytes(i)
            let first = isLeaf ? 0 : 1
            if i >= first {
                let key = unsafe try nodes.key(i)
                try unsafe check(key, after: i > first ? try nodes.key(i - 1) : above, or: i > first, tree, number)
                if i == nodes.count - 1, let below = unsafe below, unsafe !rises(key, below, tree) {
                    throw Fault(text: "page \(number) has keys of the page after it")
                }
            }
            if isLeaf {
                try leafNode(nodes, i, tree)
            } else {
                let low = unsafe i > 0 ? try nodes.key(i) : above
                let high = unsafe i + 1 < nodes.count ? try nodes.key(i + 1) : below
                unsafe try page(
                    nodes.child(i), tree, depth: depth + 1, above: low, below: high,
                    isLast: isLast && i == nodes.count - 1)
            }
        }
        guard end == file.pageBytes else { throw Fault(text: "the nodes of page \(number) do not fill it") }
    }

    /// Checks that keys rise within a page and that none is below the key that leads to the page.
    private func check(
        _ key: UnsafeRawBufferPointer, after other: UnsafeRawBufferPointer?, or isStrict: Bool, _ tree: Tree,
        _ number: UInt64
    ) throws(Fault) {
        guard key.count > 0, key.count <= Self.keyBytesMax, !tree.hasIntegerKeys || key.count == 8 else {
            throw Fault(text: "page \(number) has a key of \(key.count) bytes")
        }
        guard let other = unsafe other else { return }
        let isRight = unsafe isStrict ? rises(other, key, tree) : !rises(key, other, tree)
        guard isRight else { throw Fault(text: "the keys of page \(number) do not rise") }
    }

    private func rises(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, _ tree: Tree) -> Bool {
        guard tree.hasIntegerKeys else {
            guard let a = first.baseAddress, let b = second.baseAddress else { return false }
            let order = unsafe memcmp(a, b, min(first.count, second.count))
            return order < 0 || (order == 0 && first.count < second.count)
        }
        guard first.count == 8, second.count == 8 else { return false }
        return unsafe first.loadUnaligned(as: UInt64.self) < second.loadUnaligned(as: UInt64.self)
    }

    private mutating func leafNode(_ nodes: Nodes, _ i: Int, _ tree: Tree) throws(Fault) {
        let isTable = tree.kind == .main, flags = nodes.flags(i)
        guard flags == (isTable ? Self.subTable : 0) || (!isTable && flags == Self.bigData) else {
            throw Fault(text: "page \(nodes.number) has a node with flags \(flags)")
        }
        let value: UnsafeRawBufferPointer
        if flags == Self.bigData {
            let pages: Range<UInt64>
            unsafe (value, pages) = try Self.overflow(nodes, i, file, meta)
            try use(pages.lowerBound, UInt64(pages.count))
            counts.overflows += UInt64(pages.count)
        } else {
            unsafe value = nodes.value(i)
        }
        switch tree.kind {
        case .table: return
        case .main:
            guard value.count == PageFile.TreeRecord.bytes, let start = value.baseAddress else {
                throw Fault(text: "page \(nodes.number) has no record of a table")
            }
            let name = unsafe String(decoding: try nodes.key(i), as: UTF8.self)
            tables.append((name, unsafe PageFile.TreeRecord(start)))
        case .free: unsafe try freePages(value, of: try nodes.key(i))
        }
    }

    /// A node's value that lies in pages of its own, and their numbers.
    static func overflow(
        _ nodes: Nodes, _ i: Int, _ file: PageFile, _ meta: PageFile.Meta
    ) throws(Fault) -> (UnsafeRawBufferPointer, Range<UInt64>) {
        let pageBytes = UInt64(file.pageBytes), head = UInt64(headBytes)
        let number = nodes.bigPage(i), bytes = UInt64(nodes.valueBytes(i))
        let needed = (head - 1 + bytes) / pageBytes + 1
        guard number > 1, number < meta.pages, let start = unsafe file.page(number) else {
            throw Fault(text: "page \(nodes.number) leads to a page \(number), of \(meta.pages)")
        }
        let count = unsafe UInt64(start.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        guard unsafe start.loadUnaligned(as: UInt64.self) == number,
            unsafe start.loadUnaligned(fromByteOffset: 10, as: UInt16.self) == overflowFlag, count >= needed,
            count <= meta.pages - number, number + count <= UInt64(file.bytes / file.pageBytes)
        else { throw Fault(text: "page \(number) does not hold the value that it should") }
        return unsafe (UnsafeRawBufferPointer(start: start + headBytes, count: Int(bytes)), number..<(number + count))
    }

    /// Reads a record of pages that a commit gave up: their count, then their numbers in falling order.
    private mutating func freePages(
        _ value: UnsafeRawBufferPointer, of key: UnsafeRawBufferPointer
    ) throws(Fault) {
        let commit = unsafe key.loadUnaligned(as: UInt64.self)
        let count = unsafe value.count < 8 ? .max : value.loadUnaligned(as: UInt64.self)
        guard commit <= meta.transaction, count <= UInt64(value.count / 8) &- 1, value.count >= 8 else {
            throw Fault(text: "the list of free pages of commit \(commit) is not one")
        }
        var last = meta.pages
        for i in 1..<(Int(count) + 1) {
            let number = unsafe value.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)
            guard number > 1, number < last else {
                throw Fault(text: "the list of free pages of commit \(commit) names page \(number)")
            }
            last = number
            // No page that the file lacks is in use.
            guard number >> 6 < UInt64(isUsed.count) else { continue }
            let bit = UInt64(1) << (number & 63)
            guard isUsed[Int(number >> 6)] & bit == 0 else { throw Fault(text: "page \(number) is used and free") }
            isUsed[Int(number >> 6)] |= bit
        }
    }

    /// The nodes of one branch or leaf page.
    @safe struct Nodes {
        let number: UInt64
        let count: Int
        let upper: Int
        private let start: UnsafeRawPointer
        private let pageBytes: Int
        private let isLeaf: Bool

        init(_ start: UnsafeRawPointer, _ number: UInt64, _ pageBytes: Int, isLeaf: Bool) throws(Fault) {
            unsafe self.start = start
            self.number = number
            self.pageBytes = pageBytes
            self.isLeaf = isLeaf
            let own = unsafe start.loadUnaligned(as: UInt64.self)
            let flags = unsafe start.loadUnaligned(fromByteOffset: 10, as: UInt16.self)
            guard own == number, flags == (isLeaf ? PageWalk.leafFlag : PageWalk.branchFlag) else {
                throw Fault(text: "page \(number) says that it is page \(own) with flags \(flags)")
            }
            let lower = unsafe Int(start.loadUnaligned(fromByteOffset: 12, as: UInt16.self))
            upper = unsafe Int(start.loadUnaligned(fromByteOffset: 14, as: UInt16.self))
            guard lower >= PageWalk.headBytes, lower % 2 == 0, lower <= upper, upper <= pageBytes else {
                throw Fault(text: "page \(number) has its free part from \(lower) to \(upper)")
            }
            count = (lower - PageWalk.headBytes) / 2
        }

        private func half(_ offset: Int) -> UInt16 {
            unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
        }
        private func offset(_ i: Int) -> Int { Int(half(PageWalk.headBytes + 2 * i)) }
        private func keyBytes(_ i: Int) -> Int { Int(half(offset(i) + 6)) }

        func flags(_ i: Int) -> UInt16 { half(offset(i) + 4) }
        func valueBytes(_ i: Int) -> Int { Int(half(offset(i))) | Int(half(offset(i) + 2)) << 16 }
        func child(_ i: Int) -> UInt64 { UInt64(valueBytes(i)) | UInt64(flags(i)) << 32 }

        /// The number of bytes of the page that a node takes up.
        func spaceBytes(_ i: Int) throws(Fault) -> Int {
            let start = offset(i)
            guard start >= upper, start <= pageBytes - PageWalk.nodeBytes else {
                throw Fault(text: "node \(i) of page \(number) is at \(start)")
            }
            let value = !isLeaf ? 0 : flags(i) & PageWalk.bigData != 0 ? 8 : valueBytes(i)
            let bytes = (PageWalk.nodeBytes + keyBytes(i) + value + 1) & ~1
            guard start + bytes <= pageBytes else { throw Fault(text: "node \(i) of page \(number) leaves its page") }
            return bytes
        }

        func key(_ i: Int) throws(Fault) -> UnsafeRawBufferPointer {
            _ = try spaceBytes(i)
            return unsafe UnsafeRawBufferPointer(start: start + offset(i) + PageWalk.nodeBytes, count: keyBytes(i))
        }

        func hasIntegerKey(_ i: Int) -> Bool { keyBytes(i) == 8 }

        /// The key of a node whose place and key's length were checked.
        func integerKey(_ i: Int) -> UInt64 {
            unsafe start.loadUnaligned(fromByteOffset: offset(i) + PageWalk.nodeBytes, as: UInt64.self)
        }

        func checkedIntegerKey(_ i: Int) throws(Fault) -> UInt64 {
            let bytes = unsafe try key(i)
            guard bytes.count == 8 else { throw Fault(text: "page \(number) has a key of \(bytes.count) bytes") }
            return integerKey(i)
        }

        func value(_ i: Int) -> UnsafeRawBufferPointer {
            unsafe UnsafeRawBufferPointer(
                start: start + offset(i) + PageWalk.nodeBytes + keyBytes(i), count: valueBytes(i))
        }

        func bigPage(_ i: Int) -> UInt64 {
            unsafe start.loadUnaligned(fromByteOffset: offset(i) + PageWalk.nodeBytes + keyBytes(i), as: UInt64.self)
        }
    }
}
