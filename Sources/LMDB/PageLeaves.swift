import CLMDB
import Glibc
import Synchronization

/// The entries of one table with integer keys, read from the pages of a snapshot and checked where they are read, so that
/// several threads share the check of a large table's leaves and LMDB's own cursor is not needed.
///
/// Everything else in the file is checked when this is made: all pages of the other tables, and of this one those that lead
/// to its leaves. No page of the snapshot is reused while this lives.
@safe package final class PageLeaves: @unchecked Sendable {
    fileprivate let file: PageFile
    fileprivate let meta: PageFile.Meta
    fileprivate let record: PageFile.TreeRecord?
    private let snapshot: ReadTransaction
    private let state: Mutex<State>

    private struct State {
        /// A bit for each page that is in use or free.
        var isUsed: [UInt64]
        var overflowPages: UInt64 = 0
        var entries: UInt64 = 0
    }

    private static let snapshotsMax = 100

    /// The number of entries.
    package var count: UInt64 { record?.entries ?? 0 }

    /// Checks an environment's newest commit but for the leaves of a table.
    /// - Throws: `damaged` with the first page that cannot be right.
    package init(_ environment: Environment, table: String) throws(LMDBError) {
        for _ in 0..<Self.snapshotsMax {
            let snapshot = try environment.read()
            guard let file = try PageFile.open(environment.path + "/data.mdb") else { throw LMDBError(ENOENT, "open") }
            let id = unsafe UInt64(mdb_txn_id(snapshot.handle))
            guard let meta = file.metas.first(where: { $0.transaction == id }) else { continue }
            var walk = PageWalk(file, meta, .allBut(table))
            try walk.run()
            self.file = file
            self.meta = meta
            self.snapshot = snapshot
            record = walk.record(of: table)
            state = Mutex(State(isUsed: walk.isUsed))
            return
        }
        throw LMDBError(EAGAIN, "check pages")
    }

    /// A reader for one thread.
    package func cursor() -> PageCursor { PageCursor(self) }

    /// Adds what a thread has read; the last one to do so finds out what does not add up.
    /// - Throws: `damaged` if a page is used twice, or there are more or fewer entries or pages than the table says.
    package func finish(_ cursor: borrowing PageCursor) throws(LMDBError) {
        let fault: String? = state.withLock { state in
            for (i, bits) in cursor.isUsed.enumerated() where bits != 0 {
                let both = state.isUsed[i] & bits
                if both != 0 { return "page \(i * 64 + both.trailingZeroBitCount) is used twice" }
                state.isUsed[i] |= bits
            }
            state.overflowPages += cursor.overflowPages
            state.entries += cursor.entries
            guard let record, state.entries >= record.entries else { return nil }
            return state.overflowPages == record.overflowPages
                ? nil : "table has \(state.overflowPages) overflow pages instead of \(record.overflowPages)"
        }
        if let fault { throw .damaged(file.path, fault) }
    }
}

/// One thread's way through the leaves of a table.
@safe package struct PageCursor: ~Copyable {
    /// The branch page above the leaf at hand, the leaf's place in it, and the keys at which its part of the table begins
    /// and ends.
    private struct Branch {
        let nodes: PageWalk.Nodes
        let low: UInt64?
        let high: UInt64?
    }

    private struct Leaf {
        let nodes: PageWalk.Nodes
        let low: UInt64?
        let high: UInt64?
    }

    private let leaves: PageLeaves
    private let file: PageFile
    private var branch: Branch?
    private var child = 0
    /// A bit for each overflow page of the entries read.
    fileprivate private(set) var isUsed: [UInt64]
    fileprivate private(set) var overflowPages: UInt64 = 0
    fileprivate private(set) var entries: UInt64 = 0

    fileprivate init(_ leaves: PageLeaves) {
        self.leaves = leaves
        file = leaves.file
        isUsed = [UInt64](repeating: 0, count: leaves.file.wordsOfPages(upTo: leaves.meta.pages))
    }

    /// Reads entries in the order of their keys, from the first whose key is at least `key`, until `take` returns false or
    /// none is left. The bytes are valid as long as the `PageLeaves`.
    /// - Parameter counts: counts what was read, each entry once over all threads, for `PageLeaves.finish`.
    /// - Throws: `damaged` with the first page that cannot be right.
    package mutating func read(
        from key: UInt64, counts: Bool = true, _ take: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(LMDBError) {
        do throws(PageWalk.Fault) {
            guard var leaf = try seek(key) else { return }
            var i = 0
            while i < leaf.nodes.count, leaf.nodes.integerKey(i) < key { i += 1 }
            while true {
                while i < leaf.nodes.count {
                    let value = unsafe try value(leaf.nodes, i, counts: counts)
                    if counts { entries += 1 }
                    guard unsafe take(leaf.nodes.integerKey(i), value) else { return }
                    i += 1
                }
                guard let next = try next(after: leaf) else { return }
                leaf = next
                i = 0
            }
        } catch {
            throw .damaged(file.path, error.text)
        }
    }

    /// The entry with the largest key that is not above `key`; nil if there is none.
    /// - Throws: `damaged` with the first page that cannot be right.
    package mutating func last(notAbove key: UInt64) throws(LMDBError) -> (key: UInt64, value: UnsafeRawBufferPointer)?
    {
        do throws(PageWalk.Fault) {
            guard var leaf = try seek(key) else { return nil }
            var i = leaf.nodes.count
            while i > 0, leaf.nodes.integerKey(i - 1) > key { i -= 1 }
            if i == 0 {
                guard let low = leaf.low, low > 0, let before = try seek(low - 1) else { return nil }
                leaf = before
                i = leaf.nodes.count
            }
            return unsafe (leaf.nodes.integerKey(i - 1), try value(leaf.nodes, i - 1, counts: false))
        } catch {
            throw .damaged(file.path, error.text)
        }
    }

    /// The checked leaf whose part of the table holds a key.
    private mutating func seek(_ key: UInt64) throws(PageWalk.Fault) -> Leaf? {
        guard let record = leaves.record, record.root != PageFile.TreeRecord.noRoot else { return nil }
        var number = record.root, low: UInt64?, high: UInt64?
        branch = nil
        for _ in 1..<Int(record.depth) {
            let nodes = try page(number, isLeaf: false)
            branch = Branch(nodes: nodes, low: low, high: high)
            // The first node has no key: it leads to everything below the second.
            var first = 0, end = nodes.count
            while end - first > 1 {
                let middle = (first + end) / 2
                if try nodes.checkedIntegerKey(middle) <= key { first = middle } else { end = middle }
            }
            child = first
            number = nodes.child(first)
            if first > 0 { low = try nodes.checkedIntegerKey(first) }
            if end < nodes.count { high = try nodes.checkedIntegerKey(end) }
        }
        return try leaf(number, low, high)
    }

    private mutating func next(after leaf: Leaf) throws(PageWalk.Fault) -> Leaf? {
        guard let high = leaf.high else { return nil }
        guard let branch, child + 1 < branch.nodes.count else { return try seek(high) }
        child += 1
        let end = child + 1 < branch.nodes.count ? try branch.nodes.checkedIntegerKey(child + 1) : branch.high
        return try self.leaf(branch.nodes.child(child), high, end)
    }

    private func page(_ number: UInt64, isLeaf: Bool) throws(PageWalk.Fault) -> PageWalk.Nodes {
        guard number < leaves.meta.pages, let start = unsafe file.page(number) else {
            throw PageWalk.Fault(text: "page \(number) is not in the file")
        }
        return unsafe try PageWalk.Nodes(start, number, file.pageBytes, isLeaf: isLeaf)
    }

    /// Checks that nodes fill a leaf, and that their keys rise within the bounds of its part of the table.
    private func leaf(_ number: UInt64, _ low: UInt64?, _ high: UInt64?) throws(PageWalk.Fault) -> Leaf {
        let nodes = try page(number, isLeaf: true)
        guard nodes.count > 0 else { throw PageWalk.Fault(text: "page \(number) has 0 nodes") }
        var end = nodes.upper
        var before = low
        for i in 0..<nodes.count {
            end += try nodes.spaceBytes(i)
            guard nodes.hasIntegerKey(i) else {
                throw PageWalk.Fault(text: "page \(number) has a key of another length than 8 bytes")
            }
            let flags = nodes.flags(i)
            guard flags == 0 || flags == PageWalk.bigData else {
                throw PageWalk.Fault(text: "page \(number) has a node with flags \(flags)")
            }
            let key = nodes.integerKey(i)
            if let before, i == 0 ? key < before : key <= before {
                throw PageWalk.Fault(text: "the keys of page \(number) do not rise")
            }
            before = key
        }
        if let high, let before, before >= high {
            throw PageWalk.Fault(text: "page \(number) has keys of the page after it")
        }
        guard end == file.pageBytes else {
            throw PageWalk.Fault(text: "the nodes of page \(number) do not fill it")
        }
        return Leaf(nodes: nodes, low: low, high: high)
    }

    @inline(__always)
    private mutating func value(
        _ nodes: PageWalk.Nodes, _ i: Int, counts: Bool
    ) throws(PageWalk.Fault) -> UnsafeRawBufferPointer {
        guard nodes.flags(i) == PageWalk.bigData else { return unsafe nodes.value(i) }
        let (value, pages) = unsafe try PageWalk.overflow(nodes, i, file, leaves.meta)
        guard counts else { return unsafe value }
        overflowPages += UInt64(pages.count)
        for page in pages {
            let bit = UInt64(1) << (page & 63)
            guard isUsed[Int(page >> 6)] & bit == 0 else {
                throw PageWalk.Fault(text: "page \(page) is used twice")
            }
            isUsed[Int(page >> 6)] |= bit
        }
        return unsafe value
    }
}
