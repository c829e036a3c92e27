import LMDB
import TransparencyLog

/// One thread's snapshot of a log.
@safe final class VerifyLogReader: VerifyReader {
    private let source: VerifyLogSource
    private let transaction: ReadTransaction
    private var bytes: [UnsafeRawBufferPointer] = unsafe []
    private var keys: [UInt64] = []

    init(_ source: VerifyLogSource, _ transaction: ReadTransaction) {
        self.source = source
        self.transaction = transaction
        unsafe bytes.reserveCapacity(VerifyChunk.entries)
        keys.reserveCapacity(VerifyChunk.entries)
    }

    let hasKeys = true

    func withNextChunk(_ body: (VerifyChunk) throws(VerifyError) -> Void) throws(VerifyError) -> Bool {
        guard let (number, key) = source.takeChunk() else { return false }
        unsafe bytes.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        let left = source.count - number * UInt64(VerifyChunk.entries)
        let count = min(left, UInt64(VerifyChunk.entries))
        let preceding = unsafe try read(from: key, count: Int(count))
        unsafe try bytes.withUnsafeBufferPointer { bytes throws(VerifyError) in
            unsafe try keys.withUnsafeBufferPointer { keys throws(VerifyError) in
                unsafe try body(VerifyChunk(number: number, preceding: preceding, bytes: bytes, locators: keys))
            }
        }
        return true
    }

    private func read(from key: UInt64, count: Int) throws(VerifyError) -> UnsafeRawBufferPointer? {
        unsafe try source.storage { () throws(LMDBError) -> UnsafeRawBufferPointer? in
            var cursor = try transaction.cursor(source.entries)
            var preceding: UnsafeRawBufferPointer?
            var item = try cursor.seek(key)
            if key > 0 {
                unsafe preceding = try cursor.previous()?.value
                item = try unsafe preceding == nil ? cursor.seek(key) : cursor.next()
            }
            while let found = item {
                unsafe bytes.append(found.value)
                keys.append(found.integerKey)
                if keys.count == count { break }
                item = try cursor.next()
            }
            return unsafe preceding
        }
    }

    func entry(_ locator: UInt64) throws(VerifyError) -> [UInt8]? {
        try source.storage { () throws(LMDBError) in
            unsafe try transaction.get(source.entries, locator).map { unsafe [UInt8]($0) }
        }
    }

    func checkpoints(_ sizes: ClosedRange<UInt64>) throws(VerifyError) -> [(size: UInt64, note: [UInt8])] {
        try source.storage { () throws(LMDBError) in
            var notes: [(size: UInt64, note: [UInt8])] = []
            var cursor = try transaction.cursor(source.commits)
            var item = try cursor.seek(sizes.lowerBound)
            while let found = item, found.integerKey <= sizes.upperBound {
                unsafe notes.append((found.integerKey, [UInt8](found.value)))
                item = try cursor.next()
            }
            return notes
        }
    }

    func commit(notAbove size: UInt64) throws(VerifyError) -> UInt64? {
        try source.storage { () throws(LMDBError) in
            var cursor = try transaction.cursor(source.commits)
            if let found = try cursor.seek(size)?.integerKey {
                return found == size ? found : try cursor.previous()?.integerKey
            }
            return try cursor.last()?.integerKey
        }
    }

    func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(VerifyError) -> [Hash256]? {
        let key =
            [UInt8(level)]
            + stride(from: 56, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: index >> UInt64($0))
            }
        let bytes = try source.storage { () throws(LMDBError) in try transaction.get(source.tiles, key) } ?? []
        return VerifyTilesSource.hashes(bytes)
    }
}
