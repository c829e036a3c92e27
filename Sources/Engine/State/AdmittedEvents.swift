/// Store to which the index of admitted events is written behind.
package protocol AdmittedStore: AnyObject {
    /// The sequence stored under a hash of (source, id).
    func sequence(of hash: UInt64) -> UInt64?
}

/// Index of the (source, id) that the log holds, by hash: changes in memory over the store. Different pairs of one hash
/// take the next free place; the entries themselves tell them apart.
final class AdmittedEvents {
    private var changed: [UInt64: UInt64] = [:]
    private var rotated: [UInt64: UInt64] = [:]
    private var order: [UInt64] = []
    private let store: (any AdmittedStore)?

    init(store: (any AdmittedStore)?) { self.store = store }

    /// The number of events admitted since the last rotation.
    var count: Int { order.count }

    func sequence(of hash: UInt64) -> UInt64? {
        changed[hash] ?? rotated[hash] ?? store?.sequence(of: hash)
    }

    func insert(_ hash: UInt64, _ sequence: UInt64) {
        changed[hash] = sequence
        order.append(hash)
    }

    /// Takes back every insertion from the given number on.
    func forget(from count: Int) {
        while order.count > count { changed.removeValue(forKey: order.removeLast()) }
    }

    /// Sets the changes aside to be written; they stay readable until `discardRotated`.
    func rotate() -> [UInt64: UInt64] {
        rotated = changed
        changed = [:]
        order = []
        return rotated
    }

    func discardRotated() { rotated = [:] }

    func reset() {
        changed = [:]
        rotated = [:]
        order = []
    }
}

/// The 8-byte hash under which (source, id) is indexed.
enum IdentifierHash {
    /// FNV-1a over `source`, a zero byte and `id`, with a final avalanche so that near ids spread.
    static func of(source: String, id: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ text: String) {
            var text = text
            text.withUTF8 { bytes in
                for i in 0..<bytes.count { unsafe hash = (hash ^ UInt64(bytes[i])) &* 0x100_0000_01b3 }
            }
        }
        add(source)
        hash = hash &* 0x100_0000_01b3
        add(id)
        hash ^= hash >> 32
        hash = hash &* 0xd6e8_feb8_6659_fd93
        return hash ^ (hash >> 32)
    }
}
