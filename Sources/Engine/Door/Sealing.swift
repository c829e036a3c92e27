package import JSON

/// Seals one personal value under the key of the person it belongs to, and destroys such keys.
package protocol Sealing: Sendable {
    /// The sealed form of the value at `pointer`: base64 of its commitment and of nonce and ciphertext.
    /// - Throws: a problem of kind `erased` where the person's key was destroyed.
    func seal(
        _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
    ) throws(Problem) -> (commitment: String, sealed: String)

    /// Makes the destruction of these persons' keys ready on the disk, beside that of those made ready before; the keys
    /// stay. Called while no commit is under way.
    /// - Returns: false where the disk does not take it; what was made ready before stands.
    func prepareErasure(of persons: [String]) -> Bool

    /// Destroys the keys of persons for ever, whether or not that was made ready; for one destroyed before it does
    /// nothing.
    /// - Returns: the persons whose keys the disk still holds, since it could not be written.
    func erase(_ persons: [String]) -> [String]

    /// Forgets what was made ready.
    func abandonErasure()
}
