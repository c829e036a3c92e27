/// Why a signed note, a checkpoint or a verifier key is refused.
package enum NoteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not in the form of the format; says what is wrong.
    case malformed(String)
    /// The note is longer than a limit; says which.
    case limit(String)
    /// A trusted key's signature does not verify.
    case invalidSignature(name: String)
    /// Two trusted keys have the same name and key id.
    case ambiguousKey(name: String)
    /// No line of the note is by a trusted key.
    case noTrustedSignature
    /// The checkpoint is another log's.
    case otherOrigin(expected: String, found: String)

    /// One line.
    package var description: String {
        switch self {
        case .malformed(let what): what
        case .limit(let what): what
        case .invalidSignature(let name): "invalid signature by `\(name)`"
        case .ambiguousKey(let name): "two trusted keys of `\(name)` have the same key id"
        case .noTrustedSignature: "no trusted signature"
        case .otherOrigin(let expected, let found): "the checkpoint is of `\(found)`, not of `\(expected)`"
        }
    }
}
