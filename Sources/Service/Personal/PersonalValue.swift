import EventLog
import JSON
import Sodium

/// One personal value and the place it was sent at, from which nonce and salt follow: a retry seals to the same bytes.
///
/// Nonce (24 bytes) and salt (32 bytes) are BLAKE2b of 56 bytes, keyed with the person's key, over the canonical JSON
/// array of origin, source, id, pointer and value. `sealed` is base64 of the nonce and the XChaCha20-Poly1305
/// ciphertext of the value's canonical JSON; `commitment` is base64 of BLAKE2b-256, keyed with the salt, over the same
/// text.
struct PersonalValue {
    private static let saltBytes = 32

    private let text: [UInt8]
    private let place: [UInt8]

    /// - Parameter text: the value's canonical JSON.
    init(_ text: [UInt8], origin: String, source: String, id: String, pointer: String) {
        self.text = text
        var writer = CanonicalWriter(capacity: text.count + 256)
        writer.beginArray()
        for part in [origin, source, id, pointer] { writer.string(part) }
        unsafe text.withUnsafeBytes { unsafe writer.raw($0) }
        writer.endArray()
        place = writer.bytes
    }

    func sealed(with key: [UInt8]) throws(SodiumError) -> (commitment: String, sealed: String) {
        let derived = try KeyedHash.blake2b(place, key: key, count: AEAD.nonceBytes + Self.saltBytes)
        let nonce = Array(derived[..<AEAD.nonceBytes])
        let commitment = try KeyedHash.blake2b(text, key: Array(derived[AEAD.nonceBytes...]), count: 32)
        let box = try AEAD.seal(text, key: key, nonce: nonce)
        return (LogText.base64(commitment), LogText.base64(nonce + box))
    }

    /// The canonical JSON inside a sealed field; nil where it is not sealed with this key.
    static func opened(_ field: View, with key: [UInt8]) -> [UInt8]? {
        guard let text = field["sealed"]?.string, let bytes = LogText.bytes(base64: text),
            bytes.count >= AEAD.nonceBytes
        else { return nil }
        return try? AEAD.open(
            Array(bytes[AEAD.nonceBytes...]), key: key, nonce: Array(bytes[..<AEAD.nonceBytes]))
    }
}
