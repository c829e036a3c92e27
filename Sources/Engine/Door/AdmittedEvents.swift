/// Where the index of admitted events is written behind.
package protocol AdmittedStore: AnyObject {
    /// The sequence stored under a hash of (source, id).
    func sequence(of hash: UInt64) -> UInt64?
}

/// Which (source, id) the log holds, by hash: changes in memory over what the store holds. Different pairs of one hash
/// take the next free place; the entries themselves tell them apart.
final class AdmittedEvents {
    private var changed: [UInt64: UInt64] = [:]
    private var frozen: [UInt64: UInt64] = [:]
    private var order: [UInt64] = []
    private let store: (any AdmittedStore)?

    init(store: (any AdmittedStore)?) { self.store = store }

    /// The number of events admitted since the last freeze.
    var count: Int { order.count }

    func sequence(of hash: UInt64) -> UInt64? {
        changed[hash] ?? frozen[hash] ?? store?.sequence(of: hash)
    }

    func insert(_ hash: UInt64, _ sequence: UInt64) {
        changed[hash] = sequence
        order.append(hash)
    }

    /// Takes back every insertion from the given number on.
    func forget(from count: Int) {
        while order.count > count { changed.removeValue(forKey: order.removeLast()) }
    }

    /// Sets the changes aside to be written; they stay readable until `thaw`.
    func freeze() -> [UInt64: UInt64] {
        frozen = changed
        changed = [:]
        order = []
        return frozen
    }

    func thaw() { frozen = [:] }

    func reset() {
        changed = [:]
        frozen = [:]
        order = []
    }
}
