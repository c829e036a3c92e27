import TransparencyLog

/// What the next entry is compared with: one entry's hash, place and order.
struct VerifyEntry: Sendable {
    /// The entry's place among those that were read.
    let place: UInt64
    let leaf: Hash256
    /// What its `sequence` says; nil where that is not in form.
    var sequence: UInt64?
    var time: VerifyTime?
}
