import Glibc

/// An index of keys: a hash table with open addressing that gives every known key a slot, counted from 0. Keys are
/// compared as bytes, and found without making a string of them.
@usableFromInline package struct KeyIndex: Sendable {
    /// The upper half of a key's hash and its slot + 1; 0 where free.
    private var buckets: [UInt64] = []
    /// The end of each key in `bytes`.
    private var ends: [Int] = []
    private var bytes: [UInt8] = []

    package init() {}

    /// The number of keys.
    package var count: Int { ends.count }

    /// The slot of a key; nil where it is unknown.
    package func find(_ key: UnsafeRawBufferPointer) -> Int? {
        guard !buckets.isEmpty else { return nil }
        return unsafe find(key, KeyHash.of(key))
    }

    private func find(_ key: UnsafeRawBufferPointer, _ hash: UInt64) -> Int? {
        let mask = buckets.count - 1
        var bucket = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = buckets[bucket]
            if entry == 0 { return nil }
            if (entry ^ hash) >> 32 == 0 {
                let slot = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
                if unsafe isKey(key, slot) { return slot }
            }
            bucket = (bucket + 1) & mask
        }
    }

    /// The slot of a key, which it gets now where it had none.
    package mutating func insert(_ key: UnsafeRawBufferPointer) -> Int {
        if (ends.count + 1) * 2 > buckets.count { grow() }
        let hash = unsafe KeyHash.of(key)
        if let slot = unsafe find(key, hash) { return slot }
        unsafe bytes.append(contentsOf: key)
        ends.append(bytes.count)
        note(ends.count - 1, hash)
        return ends.count - 1
    }

    private func isKey(_ key: UnsafeRawBufferPointer, _ slot: Int) -> Bool {
        let start = slot == 0 ? 0 : ends[slot - 1]
        guard ends[slot] - start == key.count else { return false }
        return unsafe bytes.withUnsafeBytes { mine in
            guard let a = mine.baseAddress, let b = key.baseAddress else { return true }
            return unsafe memcmp(a + start, b, key.count) == 0
        }
    }

    private mutating func note(_ slot: Int, _ hash: UInt64) {
        let mask = buckets.count - 1
        var bucket = Int(truncatingIfNeeded: hash) & mask
        while buckets[bucket] != 0 { bucket = (bucket + 1) & mask }
        buckets[bucket] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(slot + 1)
    }

    private mutating func grow() {
        buckets = [UInt64](repeating: 0, count: Swift.max(16, buckets.count * 2))
        for slot in ends.indices {
            let hash = unsafe withKey(at: slot) { unsafe KeyHash.of($0) }
            note(slot, hash)
        }
    }

    /// Lends the bytes of the key at a slot.
    private func withKey<T>(at slot: Int, _ body: (UnsafeRawBufferPointer) -> T) -> T {
        let range = range(slot)
        return unsafe bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// Slots in the order of their keys.
    func sorted(_ slots: [Int]) -> [Int] {
        unsafe bytes.withUnsafeBytes { bytes in
            slots.sorted { first, second in
                unsafe Self.isBefore(
                    UnsafeRawBufferPointer(rebasing: bytes[range(first)]),
                    UnsafeRawBufferPointer(rebasing: bytes[range(second)]))
            }
        }
    }

    /// Two lists of slots, each in the order of its keys, as one; a slot that both have comes once.
    func merged(_ a: [Int], _ b: [Int]) -> [Int] {
        var merged: [Int] = []
        merged.reserveCapacity(a.count + b.count)
        unsafe bytes.withUnsafeBytes { bytes in
            var (i, j) = (0, 0)
            while i < a.count, j < b.count {
                if a[i] == b[j] {
                    merged.append(a[i])
                    (i, j) = (i + 1, j + 1)
                    continue
                }
                let isFirst = unsafe Self.isBefore(
                    UnsafeRawBufferPointer(rebasing: bytes[range(a[i])]),
                    UnsafeRawBufferPointer(rebasing: bytes[range(b[j])]))
                merged.append(isFirst ? a[i] : b[j])
                if isFirst { i += 1 } else { j += 1 }
            }
            merged.append(contentsOf: a[i...])
            merged.append(contentsOf: b[j...])
        }
        return merged
    }

    /// The lower bound of a key: the index of the first slot, in a list ordered by key, whose key does not come before
    /// it.
    func lowerBound(of key: UnsafeRawBufferPointer, in slots: [Int]) -> Int {
        var (low, high) = (0, slots.count)
        while low < high {
            let middle = (low + high) / 2
            if unsafe withKey(at: slots[middle], { unsafe Self.isBefore($0, key) }) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private static func isBefore(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard let first = a.baseAddress, let second = b.baseAddress else { return a.count < b.count }
        let order = unsafe memcmp(first, second, min(a.count, b.count))
        return order != 0 ? order < 0 : a.count < b.count
    }

    private func range(_ slot: Int) -> Range<Int> { (slot == 0 ? 0 : ends[slot - 1])..<ends[slot] }

    /// The key at a slot.
    package func key(at slot: Int) -> String {
        unsafe withKey(at: slot) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Lends the UTF-8 of a text.
    @inlinable package static func withBytes<T>(of text: String, _ body: (UnsafeRawBufferPointer) -> T) -> T {
        let lent = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe body(UnsafeRawBufferPointer($0)) }
        if let lent { return lent }
        var copied = text
        return copied.withUTF8 { unsafe body(UnsafeRawBufferPointer($0)) }
    }
}

/// A fast hash of short keys, different in each process: its order is never seen.
enum KeyHash {
    private static let seed = UInt64(truncatingIfNeeded: "docket".hashValue) | 1

    /// Eight bytes at a time, each step a folded multiplication (as in wyhash).
    static func of(_ key: UnsafeRawBufferPointer) -> UInt64 {
        let count = key.count
        var hash = seed ^ UInt64(truncatingIfNeeded: count)
        guard count >= 8 else {
            var word: UInt64 = 0
            for index in 0..<count { word = unsafe word << 8 | UInt64(key[index]) }
            return mix(hash ^ word)
        }
        var offset = 0
        while offset + 8 < count {
            hash = unsafe mix(hash ^ key.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        return unsafe mix(hash ^ key.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    }

    @inline(__always) private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}

extension String {
    /// Returns true if both have the same UTF-8: `==` also holds between normal forms.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return unsafe KeyIndex.withBytes(of: self) { mine in
            unsafe KeyIndex.withBytes(of: other) { theirs in
                guard let a = mine.baseAddress, let b = theirs.baseAddress else { return true }
                return unsafe memcmp(a, b, mine.count) == 0
            }
        }
    }
}
