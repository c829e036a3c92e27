/// The signature bytes of a cosignature/v1 line: a time and an Ed25519 signature over time and note.
///
/// Source of the format: c2sp.org/tlog-cosignature.
package struct Cosignature: Hashable, Sendable {
    /// Seconds since 1970 when the witness signed.
    package let time: UInt64
    /// The Ed25519 signature over `message(time, text)`.
    package let signature: [UInt8]

    /// The parts of 72 bytes: a big-endian time and 64 bytes of signature.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 72 else { return nil }
        time = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        signature = Array(bytes.dropFirst(8))
    }

    /// A cosignature of its parts.
    package init(time: UInt64, signature: [UInt8]) {
        self.time = time
        self.signature = signature
    }

    /// The 72 bytes.
    package var bytes: [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: time >> UInt64($0)) } + signature
    }

    /// What a witness signs.
    package static func message(_ time: UInt64, _ text: [UInt8]) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n".utf8) + text
    }
}
