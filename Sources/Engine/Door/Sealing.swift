package import JSON

/// Seals one personal value under the key of the person it belongs to.
package protocol Sealing: Sendable {
    /// The sealed form of the value at `pointer`: base64 of its commitment and of nonce and ciphertext.
    /// - Throws: a problem of kind `erased` where the person's key was destroyed.
    func seal(
        _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
    ) throws(Problem) -> (commitment: String, sealed: String)

    /// Destroys a person's key for ever; for a key that was destroyed before it does nothing.
    /// - Returns: whether that is durable; false where it could not be written now.
    func erase(_ userId: String) -> Bool
}
