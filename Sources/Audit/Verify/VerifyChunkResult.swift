import TransparencyLog

/// The complete subtrees that part of a chunk consists of, from the left.
typealias VerifyPieces = [Hash256]

/// What one thread found in one chunk.
struct VerifyChunkResult: Sendable {
    let number: UInt64
    /// How many entries it has.
    let count: Int
    /// The subtrees of all its entries.
    let pieces: VerifyPieces
    /// The subtrees up to sizes whose root is asked for.
    let wanted: [(size: UInt64, pieces: VerifyPieces)]
    let commits: [VerifyCommit]
    let findings: [VerifyFinding]
    let links: [VerifyLink]
    let differences: [VerifyTileDifference]
}

/// A commit's checkpoint that was read, with the subtrees its root is made of.
struct VerifyCommit: Sendable {
    /// The size it is stored under.
    let size: UInt64
    let note: [UInt8]
    let opened: Result<Checkpoint, NoteError>
    let pieces: VerifyPieces
}
