package import JSON

/// The keys of persons as a folder holds them now, for reading beside whoever writes them.
package struct PersonKeyRing: Sendable {
    /// Nil for an erased person.
    private var keys: [[UInt8]: [UInt8]?] = [:]
    private let seed: [UInt8]?

    /// - Parameter ledgerKey: the ledger's key for `PersonKeys.purpose`.
    /// - Throws: where a file cannot be read, is damaged, or was sealed with another key.
    package init(directory: String, ledgerKey: [UInt8]) throws(ServiceError) {
        seed = try PersonSeed.read(directory: directory, ledgerKey: ledgerKey)
        for record in try PersonKeyFile.records(directory: directory, ledgerKey: ledgerKey) {
            keys[Array(record.userId.utf8)] = .some(record.key)
        }
    }

    /// Opens a field `{"commitment", "sealed"}` of a person.
    package func unseal(_ field: View, userId: String) -> PersonKeys.Unsealed {
        let key: [UInt8]
        switch keys[Array(userId.utf8)] {
        case .some(.some(let stored)): key = stored
        case .some(.none): return .erased
        case nil:
            guard let seed else { return .unreadable }
            key = PersonSeed.key(of: userId, seed: seed)
        }
        return PersonalValue.opened(field, with: key).map(PersonKeys.Unsealed.value) ?? .unreadable
    }
}
