import CSodium

/// The hash of a set of records that is kept up as records come and go: the sum modulo 2^256 of a keyed hash of each,
/// whatever the order.
///
/// Without the key nobody can compute one, or find other records of the same sum while no sums are shown: the
/// difference of two tells the hash of what came between, and of enough hashes other sets of the same sum can be made up.
/// So a sum is stored sealed, where the construction has a nonce.
///
/// Source: MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend and Suh, Incremental Multiset Hash Functions (2003).
package struct SetHash: Hashable, Sendable {
    /// The length of the encoded sum in bytes.
    package static let bytes = 32

    /// The least significant lane first.
    private var lanes: [4 of UInt64] = [0, 0, 0, 0]

    /// The hash of the empty set.
    package init() {}

    /// The sum that 32 bytes encode, the least significant byte first.
    /// - Throws: `length` for any other number of bytes.
    package init(_ encoded: [UInt8]) throws(SodiumError) {
        try SodiumError.require(encoded, Self.bytes, "a set's hash")
        unsafe encoded.withUnsafeBytes { unsafe load($0) }
    }

    fileprivate init(loading bytes: UnsafeRawBufferPointer) { unsafe load(bytes) }

    private mutating func load(_ bytes: UnsafeRawBufferPointer) {
        for lane in 0..<4 {
            lanes[lane] = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: lane * 8, as: UInt64.self))
        }
    }

    /// The sum as 32 bytes, the least significant first.
    package var encoded: [UInt8] {
        (0..<4).flatMap { lane in unsafe withUnsafeBytes(of: lanes[lane].littleEndian) { unsafe Array($0) } }
    }

    /// Adds records to the set.
    package static func += (sum: inout SetHash, other: SetHash) {
        var carry: UInt64 = 0
        for lane in 0..<4 {
            let (first, isOver) = sum.lanes[lane].addingReportingOverflow(other.lanes[lane])
            let (second, isOverAgain) = first.addingReportingOverflow(carry)
            sum.lanes[lane] = second
            carry = isOver || isOverAgain ? 1 : 0
        }
    }

    /// Takes records out of the set.
    package static func -= (sum: inout SetHash, other: SetHash) {
        var borrow: UInt64 = 0
        for lane in 0..<4 {
            let (first, isUnder) = sum.lanes[lane].subtractingReportingOverflow(other.lanes[lane])
            let (second, isUnderAgain) = first.subtractingReportingOverflow(borrow)
            sum.lanes[lane] = second
            borrow = isUnder || isUnderAgain ? 1 : 0
        }
    }

    package static func == (a: SetHash, b: SetHash) -> Bool { (0..<4).allSatisfy { a.lanes[$0] == b.lanes[$0] } }

    package func hash(into hasher: inout Hasher) { for lane in 0..<4 { hasher.combine(lanes[lane]) } }
}

/// Hashes the records of one kind: BLAKE2b-256 with a key, over kind, name and content, of which the first two are
/// framed by their lengths.
package struct RecordHasher: Sendable {
    /// The length of a key in bytes.
    package static let keyBytes = 32

    private let key: [UInt8]
    private let kind: [UInt8]

    /// - Throws: `length` for a key of another length.
    package init(kind: String, key: [UInt8]) throws(SodiumError) {
        Libsodium.start()
        try SodiumError.require(key, Self.keyBytes, "a hash key")
        self.key = key
        self.kind = Self.frame(kind.utf8.count) + Array(kind.utf8)
    }

    private static func frame(_ count: Int) -> [UInt8] {
        unsafe withUnsafeBytes(of: UInt32(count).littleEndian) { unsafe Array($0) }
    }

    /// The hash of the set that has this record alone.
    package func hash(_ name: UnsafeRawBufferPointer, _ content: UnsafeRawBufferPointer) -> SetHash {
        let nameAt = kind.count + 4
        let contentAt = nameAt + name.count
        let count = contentAt + content.count
        return unsafe withUnsafeTemporaryAllocation(byteCount: count + SetHash.bytes, alignment: 8) { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("no room for a hash") }
            unsafe buffer.copyBytes(from: kind)
            unsafe buffer.storeBytes(of: UInt32(name.count).littleEndian, toByteOffset: kind.count, as: UInt32.self)
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[nameAt...]).copyMemory(from: name)
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[contentAt...]).copyMemory(from: content)
            let bytes = unsafe start.assumingMemoryBound(to: UInt8.self)
            unsafe crypto_generichash(bytes + count, SetHash.bytes, bytes, UInt64(count), key, key.count)
            return unsafe SetHash(loading: UnsafeRawBufferPointer(rebasing: buffer[count...]))
        }
    }
}
