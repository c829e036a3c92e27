import CDigest

/// Hashes of many leaves or nodes at once, several side by side in the processor's vectors.
package enum ManyHashes {
    /// The way of hashing; the raw value is that of the C module.
    package enum Way: UInt32, CaseIterable, Sendable {
        /// The fastest that this processor has.
        case best
        /// libcrypto, one message after another.
        case one
        /// Four lanes of 128-bit vectors.
        case lanes4
        /// Eight lanes by AVX2.
        case lanes8
        /// Sixteen lanes by AVX-512.
        case lanes16
        /// Two messages interleaved, by the SHA instructions of x86.
        case interleaved

        /// Returns whether this processor has what the way needs.
        package var isPossible: Bool { cdigest_has(cdigest_way(rawValue)) != 0 }
    }

    /// SHA-256 of each message, after a byte in front where there is one.
    ///
    /// `hashes` has room for as many hashes as there are messages.
    package static func hash(
        _ messages: UnsafeBufferPointer<UnsafeRawBufferPointer>, after prefix: UInt8?,
        into hashes: UnsafeMutableBufferPointer<Hash256>, way: Way = .best
    ) {
        precondition(hashes.count >= messages.count, "there is no room for all hashes")
        unsafe withUnsafeTemporaryAllocation(of: cdigest_message.self, capacity: messages.count) { list in
            for i in 0..<messages.count {
                unsafe list.initializeElement(
                    at: i,
                    to: cdigest_message(
                        bytes: messages[i].baseAddress?.assumingMemoryBound(to: UInt8.self), count: messages[i].count))
            }
            let out = unsafe UnsafeMutableRawBufferPointer(hashes).baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe cdigest_sha256_many(
                cdigest_way(way.rawValue), prefix.map(Int32.init) ?? -1, list.baseAddress, messages.count, out)
        }
    }

    /// The leaf hash of each entry; `hashes` has room for them.
    package static func leaves(
        _ entries: UnsafeBufferPointer<UnsafeRawBufferPointer>, into hashes: UnsafeMutableBufferPointer<Hash256>
    ) {
        unsafe hash(entries, after: 0, into: hashes)
    }

    /// The hash of each two subtrees that lie beside each other, of an even number of them; `hashes` has room for half as
    /// many.
    package static func nodes(
        _ subtrees: UnsafeBufferPointer<Hash256>, into hashes: UnsafeMutableBufferPointer<Hash256>, way: Way = .best
    ) {
        let count = subtrees.count / 2
        precondition(hashes.count >= count, "there is no room for all hashes")
        let bytes = unsafe UnsafeRawBufferPointer(subtrees).baseAddress?.assumingMemoryBound(to: UInt8.self)
        let out = unsafe UnsafeMutableRawBufferPointer(hashes).baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe cdigest_sha256_pairs(cdigest_way(way.rawValue), 1, bytes, count, out)
    }

    /// The hash of each two subtrees that lie beside each other, of an even number of them.
    package static func nodes(_ subtrees: [Hash256]) -> [Hash256] {
        unsafe [Hash256](unsafeUninitializedCapacity: subtrees.count / 2) { hashes, count in
            unsafe subtrees.withUnsafeBufferPointer { unsafe nodes($0, into: hashes) }
            count = subtrees.count / 2
        }
    }
}
