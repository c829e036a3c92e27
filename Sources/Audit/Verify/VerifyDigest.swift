/// The digest of one entry's source and id, with where the entry is.
struct VerifyDigest: Sendable, BitwiseCopyable {
    let high: UInt64
    let low: UInt64
    let place: UInt64
    let locator: UInt64

    static let bytes = 32

    @inline(__always)
    static func < (a: VerifyDigest, b: VerifyDigest) -> Bool {
        if a.high != b.high { return a.high < b.high }
        return a.low != b.low ? a.low < b.low : a.place < b.place
    }

    func isSame(as other: VerifyDigest) -> Bool { high == other.high && low == other.low }
}
