/// Goes through sorted runs in one order.
struct VerifyDigestMerge {
    private struct Cursor {
        let run: VerifyDigestRun
        var block: [VerifyDigest]
        var at = 0
        var read: Int
    }

    private static let blockDigests = 4096
    private var cursors: [Cursor] = []
    /// A heap of cursor numbers, the one with the smallest digest first.
    private var heap: [Int] = []

    init(_ runs: [VerifyDigestRun]) throws(VerifyError) {
        for run in runs {
            switch run {
            case .memory(let digests): cursors.append(Cursor(run: run, block: digests, read: digests.count))
            case .file(let file):
                let block = try file.read(0, most: Self.blockDigests)
                cursors.append(Cursor(run: run, block: block, read: block.count))
            }
        }
        heap = cursors.indices.filter { !cursors[$0].block.isEmpty }
        for i in stride(from: heap.count / 2, through: 0, by: -1) { sink(i) }
    }

    /// The next digest in order, or nil at the end.
    mutating func next() throws(VerifyError) -> VerifyDigest? {
        guard let top = heap.first else { return nil }
        let digest = cursors[top].block[cursors[top].at]
        if try !advance(top) {
            let last = heap.removeLast()
            if !heap.isEmpty { heap[0] = last }
        }
        sink(0)
        return digest
    }

    /// Moves a cursor on; false where its run is used up.
    private mutating func advance(_ i: Int) throws(VerifyError) -> Bool {
        cursors[i].at += 1
        guard cursors[i].at == cursors[i].block.count else { return true }
        guard case .file(let file) = cursors[i].run, cursors[i].read < file.count else { return false }
        cursors[i].block = try file.read(cursors[i].read, most: Self.blockDigests)
        cursors[i].read += cursors[i].block.count
        cursors[i].at = 0
        return true
    }

    private func head(_ i: Int) -> VerifyDigest { cursors[heap[i]].block[cursors[heap[i]].at] }

    private mutating func sink(_ start: Int) {
        var i = start
        while true {
            var least = i
            let left = 2 * i + 1, right = left + 1
            if left < heap.count, head(left) < head(least) { least = left }
            if right < heap.count, head(right) < head(least) { least = right }
            guard least != i else { return }
            heap.swapAt(i, least)
            i = least
        }
    }
}
