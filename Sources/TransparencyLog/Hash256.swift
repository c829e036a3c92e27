import CDigest

/// A SHA-256 value: 32 bytes held as four words in memory order, so that comparing and copying cost nothing.
@frozen
package struct Hash256: Hashable, Sendable {
    @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64)

    /// The length in bytes.
    package static let bytes = 32
    /// The length of its base64 form in characters.
    package static let base64Bytes = 44

    /// 32 zero bytes.
    @inlinable
    package init() { words = (0, 0, 0, 0) }

    /// The hash at the start of a buffer of at least 32 bytes.
    @inlinable
    package init(loading bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count >= Self.bytes, "a hash has 32 bytes")
        unsafe words = (
            bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// The hash of exactly 32 bytes; nil if there are more or fewer.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.bytes else { return nil }
        self = unsafe bytes.withUnsafeBytes { unsafe Hash256(loading: $0) }
    }

    /// The hash that 44 characters of strict base64 spell, or nil.
    package init?(base64: some Sequence<UInt8>) {
        guard let bytes = Base64.decodeStrict(base64) else { return nil }
        self.init(bytes)
    }

    /// The 32 bytes in place.
    /// - Throws: what `body` throws.
    @inlinable
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        unsafe try withUnsafeBytes(of: words) { bytes throws(E) -> R in unsafe try body(bytes) }
    }

    /// Writes the 32 bytes at the start of a buffer.
    @inlinable
    package func write(into buffer: UnsafeMutableRawBufferPointer) {
        unsafe buffer.storeBytes(of: words.0, as: UInt64.self)
        unsafe buffer.storeBytes(of: words.1, toByteOffset: 8, as: UInt64.self)
        unsafe buffer.storeBytes(of: words.2, toByteOffset: 16, as: UInt64.self)
        unsafe buffer.storeBytes(of: words.3, toByteOffset: 24, as: UInt64.self)
    }

    /// Writes the 44 characters of the base64 form at the start of a buffer.
    package func writeBase64(into buffer: UnsafeMutableRawBufferPointer) {
        unsafe withBytes { unsafe _ = Base64.encode($0, into: buffer) }
    }

    /// A copy of the bytes.
    package var array: [UInt8] { unsafe withBytes { unsafe [UInt8]($0) } }

    /// The base64 form, 44 characters.
    package var base64: String { unsafe withBytes { unsafe Base64.encode($0) } }

    /// The hexadecimal form, 64 characters.
    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        for byte in array { out += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: out, as: UTF8.self)
    }

    /// Compares all words.
    @inlinable
    package static func == (a: Hash256, b: Hash256) -> Bool { a.words == b.words }

    /// Hashes only the first word, since the value is uniform already.
    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension Hash256: CustomStringConvertible {
    /// The base64 form.
    package var description: String { base64 }
}

/// SHA-256 of a buffer.
package func sha256(_ bytes: UnsafeRawBufferPointer) -> Hash256 {
    unsafe sha256(UnsafeRawBufferPointer(start: nil, count: 0), bytes)
}

private func sha256(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Hash256 {
    unsafe withUnsafeTemporaryAllocation(byteCount: Hash256.bytes, alignment: 8) { digest in
        unsafe cdigest_sha256(
            first.baseAddress, first.count, second.baseAddress, second.count,
            digest.baseAddress?.assumingMemoryBound(to: UInt8.self))
        return unsafe Hash256(loading: UnsafeRawBufferPointer(digest))
    }
}

/// SHA-256 of an array.
package func sha256(_ bytes: [UInt8]) -> Hash256 { unsafe bytes.withUnsafeBytes { unsafe sha256($0) } }

/// The hash of an entry as a leaf: SHA-256(0x00 ‖ entry), RFC 9162 section 2.1.1.
package func leafHash(_ entry: UnsafeRawBufferPointer) -> Hash256 {
    unsafe withUnsafeBytes(of: 0 as UInt8) { unsafe sha256($0, entry) }
}

/// The hash of an entry as a leaf: SHA-256(0x00 ‖ entry), RFC 9162 section 2.1.1.
package func leafHash(_ entry: [UInt8]) -> Hash256 { unsafe entry.withUnsafeBytes { unsafe leafHash($0) } }

/// The hash of two subtrees: SHA-256(0x01 ‖ left ‖ right), RFC 9162 section 2.1.1.
package func nodeHash(_ left: Hash256, _ right: Hash256) -> Hash256 {
    unsafe withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Hash256.bytes, alignment: 8) { buffer in
        unsafe buffer[0] = 1
        unsafe left.write(into: UnsafeMutableRawBufferPointer(rebasing: buffer[1...]))
        unsafe right.write(into: UnsafeMutableRawBufferPointer(rebasing: buffer[33...]))
        return unsafe sha256(UnsafeRawBufferPointer(buffer))
    }
}

/// The `previoushash` of entry 0: SHA-256("docket/v1\n" + origin + "\n").
package func genesisHash(origin: String) -> Hash256 { sha256(Array("docket/v1\n\(origin)\n".utf8)) }

/// The root of the empty tree: SHA-256 of nothing.
package let emptyTreeHash = sha256([])
