/// Witnesses of a checkpoint: the keys whose cosignatures on it are valid and may be counted.
///
/// What never counts: the log's own signature, the log's Ed25519 key in the form of a witness's, a key of one of the
/// log's nodes, a second line by the same key.
extension SignedNote {
    /// The witnesses that cosigned, each once, in the order of their lines.
    /// - Parameters:
    ///   - witnesses: the keys that are trusted as witnesses.
    ///   - log: the log's key.
    /// - Throws: `invalidSignature` for a line by one of them that is not valid, `ambiguousKey` where two fit a line.
    package func cosigners(among witnesses: [VerifierKey], log: VerifierKey) throws(NoteError) -> [VerifierKey] {
        let allowed = witnesses.filter { $0.mayWitness(log) == nil }
        do throws(NoteError) { return try verify(allowed).keys } catch {
            guard case .noTrustedSignature = error else { throw error }
            return []
        }
    }

    /// The note with signature lines added behind its own, each once.
    /// - Returns: nil where there would be more lines than a reader takes.
    package func adding(_ lines: [Signature]) -> [UInt8]? {
        let more = lines.reduce(into: [Signature]()) { kept, line in
            if !signatures.contains(line), !kept.contains(line) { kept.append(line) }
        }
        guard signatures.count + more.count <= Self.signaturesMax else { return nil }
        return text + [UInt8(ascii: "\n")] + (signatures + more).flatMap(\.line)
    }

    /// Reads signature lines alone, as a witness answers them.
    /// - Throws: `malformed` or `limit` for any other form.
    package static func lines(_ bytes: [UInt8]) throws(NoteError) -> [Signature] {
        try SignedNote(Array("\n\n".utf8) + bytes).signatures
    }
}

extension SignedNote.Signature {
    /// The whole line, with its line feed.
    package var line: [UInt8] {
        let id = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: keyID >> UInt32($0)) }
        return Array("— \(name) \(Base64.encode(id + bytes))\n".utf8)
    }
}

extension VerifierKey {
    /// The end of a node's name between the log's origin and its own.
    private static let nodePart = "/node/"

    /// The reason why a key may not witness a log; nil if it may.
    package func mayWitness(_ log: VerifierKey) -> String? {
        if kind != .cosignature { return "it is a log's key, not a witness's" }
        if publicKey == log.publicKey { return "it is the log's own key" }
        if name.utf8.starts(with: (log.name + Self.nodePart).utf8) { return "it is the key of one of the log's nodes" }
        return nil
    }
}
