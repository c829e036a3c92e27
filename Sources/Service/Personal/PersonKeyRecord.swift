import EventLog
import Sodium

/// One line of the persons' key file: `key <person> <sealed>`, or `erased <person> <seal>` where the key was destroyed.
/// Person and seal are base64; a key is sealed with the ledger's own, an erasure carries an empty text sealed alike, so
/// that a line which was not written whole, or by somebody else, is told apart from a good one.
struct PersonKeyRecord {
    let userId: String
    /// Nil once it was destroyed.
    let key: [UInt8]?

    init(userId: String, key: [UInt8]?) {
        self.userId = userId
        self.key = key
    }

    func line(sealedWith ledgerKey: [UInt8]) throws(SodiumError) -> [UInt8] {
        let nonce = Random.bytes(AEAD.nonceBytes)
        let word = key == nil ? "erased" : "key"
        let person = String(decoding: Self.word(for: Array(userId.utf8)), as: UTF8.self)
        let sealed = try AEAD.seal(key ?? [], associated: Array("\(word) \(person)".utf8), key: ledgerKey, nonce: nonce)
        return Array("\(word) \(person) \(LogText.base64(nonce + sealed))\n".utf8)
    }

    /// Nil for a line, given without its line feed, that is not one of this ledger's.
    init?(_ line: ArraySlice<UInt8>, sealedWith ledgerKey: [UInt8]) {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 3, let person = LogText.bytes(base64: String(decoding: words[1], as: UTF8.self)),
            let userId = String(validating: person, as: UTF8.self),
            let box = LogText.bytes(base64: String(decoding: words[2], as: UTF8.self)), box.count >= AEAD.nonceBytes,
            let text = try? AEAD.open(
                Array(box[AEAD.nonceBytes...]), associated: Array(line[..<words[1].endIndex]), key: ledgerKey,
                nonce: Array(box[..<AEAD.nonceBytes]))
        else { return nil }
        self.userId = userId
        switch String(decoding: words[0], as: UTF8.self) {
        case "key" where text.count == AEAD.keyBytes: key = text
        case "erased" where text.isEmpty: key = nil
        default: return nil
        }
    }

    /// How lines name a person, given as UTF-8.
    static func word(for person: [UInt8]) -> [UInt8] { Array(LogText.base64(person).utf8) }

    /// The person's name in a line as it is written; nil where it has none.
    static func word(of line: ArraySlice<UInt8>) -> [UInt8]? {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        return words.count == 3 ? Array(words[1]) : nil
    }
}
