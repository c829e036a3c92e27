import CDigest

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

/// What entry 0 carries as `previoushash`: SHA-256("docket/v1\n" + origin + "\n").
package func genesisHash(origin: String) -> Hash256 { sha256(Array("docket/v1\n\(origin)\n".utf8)) }

/// The root of the empty tree: SHA-256 of nothing.
package let emptyTreeHash = sha256([])
