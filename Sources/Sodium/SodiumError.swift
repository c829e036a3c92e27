/// What a cryptographic call refuses.
package enum SodiumError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An input has the wrong number of bytes.
    case length(what: String, expected: Int, found: Int)
    /// A sealed text was changed, or the key is another one.
    case notAuthentic
    /// There is not enough memory for the password hash.
    case memory

    /// One line.
    package var description: String {
        switch self {
        case .length(let what, let expected, let found): "\(what) must have \(expected) bytes, not \(found)"
        case .notAuthentic: "the sealed text is not authentic: it was changed, or the key is another one"
        case .memory: "not enough memory to hash the passphrase"
        }
    }

    static func require(_ bytes: [UInt8], _ expected: Int, _ what: StaticString) throws(SodiumError) {
        if bytes.count != expected {
            throw .length(what: what.description, expected: expected, found: bytes.count)
        }
    }
}
