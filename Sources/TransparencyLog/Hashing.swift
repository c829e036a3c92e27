import Crypto

/// SHA-256 of a buffer.
package func sha256(_ bytes: UnsafeRawBufferPointer) -> Hash256 {
    var hasher = SHA256()
    unsafe hasher.update(bufferPointer: bytes)
    return unsafe hasher.finalize().withUnsafeBytes { unsafe Hash256(loading: $0) }
}

/// SHA-256 of an array.
package func sha256(_ bytes: [UInt8]) -> Hash256 { unsafe bytes.withUnsafeBytes { unsafe sha256($0) } }

/// The hash of an entry as a leaf: SHA-256(0x00 ‖ entry), RFC 9162 section 2.1.1.
package func leafHash(_ entry: UnsafeRawBufferPointer) -> Hash256 {
    var hasher = SHA256()
    unsafe withUnsafeBytes(of: 0 as UInt8) { unsafe hasher.update(bufferPointer: $0) }
    unsafe hasher.update(bufferPointer: entry)
    return unsafe hasher.finalize().withUnsafeBytes { unsafe Hash256(loading: $0) }
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

/// What entry 0 carries as `previoushash`: SHA-256("docket/v1\n" + origin + "\n").
package func genesisHash(origin: String) -> Hash256 { sha256(Array("docket/v1\n\(origin)\n".utf8)) }

/// The root of the empty tree: SHA-256 of nothing.
package let emptyTreeHash = sha256([])
