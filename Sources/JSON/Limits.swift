/// The limits that Docket sets to JSON.
package enum Limits {
    /// Arrays and objects that may be open at once.
    package static let nestingLevelsMax = 64
    /// Bytes of one document, far above any request; offsets are 32 bits.
    package static let documentBytesMax = 1 << 30
    /// The largest magnitude of an integral number, 2^53 − 1 (RFC 7493 §2.2).
    package static let integerMagnitudeMax: Int64 = 9_007_199_254_740_991
    /// Bytes of the longest number in canonical form.
    static let numberBytesMax = 25
}
