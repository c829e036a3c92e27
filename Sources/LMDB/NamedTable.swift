import CLMDB

/// A table of an environment, by handle; it stays valid as long as the environment.
package struct NamedTable: Sendable {
    /// How keys are ordered.
    package enum Keys: Hashable, Sendable {
        /// As bytes, at most 511 of them.
        case bytes
        /// As unsigned 64-bit integers in the machine's order.
        case integer
    }

    let dbi: MDB_dbi
    /// The table's name in the environment.
    package let name: String
    /// How its keys are ordered.
    package let keys: Keys
}
