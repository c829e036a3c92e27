/// Why a Merkle proof or its text form is refused.
package enum ProofError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is not in the form of the format; says what is wrong.
    case malformed(String)
    /// There are more hashes than any tree needs.
    case limit(String)
    /// The index is not below the size, or the old size is above the new one.
    case range(String)
    /// There are too few or too many hashes.
    case length(expected: Int, found: Int)
    /// The hashes lead to another root.
    case root(expected: Hash256, found: Hash256)

    /// One line.
    package var description: String {
        switch self {
        case .malformed(let what), .limit(let what), .range(let what): what
        case .length(let expected, let found): "the proof has \(found) hashes where it needs \(expected)"
        case .root(let expected, let found): "the proof leads to root \(found), not to \(expected)"
        }
    }
}
