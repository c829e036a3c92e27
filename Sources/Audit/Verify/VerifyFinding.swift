import TransparencyLog

/// One thing that is not as it must be, with its reason, before the whole is known.
struct VerifyFinding: Hashable, Sendable {
    let sequence: UInt64?
    let reason: VerifyResult.Reason
    let what: String
    let expected: String
    let found: String

    init(_ sequence: UInt64?, _ reason: VerifyResult.Reason, _ what: String, _ expected: String, _ found: String) {
        self.sequence = sequence
        self.reason = reason
        self.what = what
        self.expected = expected
        self.found = found
    }

    /// What a refused checkpoint gives.
    init(_ error: NoteError, what: String, key: VerifierKey) {
        switch error {
        case .malformed(let why): self.init(nil, .malformed, what, "a note in strict form", why)
        case .limit(let why): self.init(nil, .limit, what, "a note within the limits", why)
        case .otherOrigin(let expected, let found): self.init(nil, .origin, what, expected, found)
        case .invalidSignature, .ambiguousKey:
            self.init(nil, .signature, what, "a signature by \(key)", "invalid signature")
        case .noTrustedSignature: self.init(nil, .signature, what, "a signature by \(key)", "no trusted signature")
        }
    }

    var bad: VerifyResult.Bad { VerifyResult.Bad(sequence: sequence, what: what, expected: expected, found: found) }
}

/// A broken link: the entry after `before` carries another hash than that entry's.
struct VerifyLink: Sendable {
    /// The place of the entry before.
    let before: UInt64
    /// Its leaf hash.
    let leaf: Hash256
    /// The hash that the entry after it carries.
    let carried: Hash256
    /// The leaf hash that the entry after it would have if it carried the right one.
    let mended: Hash256

    /// The place of the entry after.
    var after: UInt64 { before + 1 }
}

/// A hash in a stored tile that is not that of the entries below it.
struct VerifyTileDifference: Sendable {
    /// The first entry below the hash.
    let sequence: UInt64
    /// The level of tiles.
    let level: Int
    /// The hash of the entries; the stored one, or nil where there is none.
    let computed: Hash256
    let stored: Hash256?
}
