import Sodium
import Testing
import TransparencyLog

@Suite("notes read strictly")
struct NoteTests {
    let log: NoteSigner
    let witness: NoteSigner
    let note: [UInt8]
    let text: [UInt8]

    init() throws {
        let seed = [UInt8](repeating: 3, count: 32)
        log = try NoteSigner(name: "log.example/a", key: try SigningKey(seed: seed))
        witness = try NoteSigner(name: "witness.example", key: try SigningKey(seed: seed), kind: .cosignature)
        text = Checkpoint(origin: "log.example/a", size: 5, root: emptyTreeHash).text
        note = log.sign(text)
    }

    func open(_ note: [UInt8]) -> NoteError? {
        do throws(NoteError) { _ = try Checkpoint.open(note, key: log.verifierKey) } catch { return error }
        return nil
    }

    func edited(_ old: String, _ new: String) -> [UInt8] {
        Array(String(decoding: note, as: UTF8.self).replacing(old, with: new).utf8)
    }

    @Test("a signed checkpoint opens")
    func opens() throws {
        let checkpoint = try Checkpoint.open(note, key: log.verifierKey)
        #expect(checkpoint == Checkpoint(origin: "log.example/a", size: 5, root: emptyTreeHash))
    }

    @Test(
        "CRLF, a sign, a leading zero, a space, a missing empty line or dash are malformed",
        arguments: [
            ("\n", "\r\n"), ("\n5\n", "\n+5\n"), ("\n5\n", "\n05\n"), ("\n\n", "\n"), ("— ", "- "), ("\n5\n", "\n5 \n"),
        ])
    func malformed(_ edit: (String, String)) {
        let error = open(edited(edit.0, edit.1))
        guard case .malformed = error else {
            Issue.record("\(edit): \(String(describing: error))")
            return
        }
    }

    @Test("a note without its last line feed is malformed")
    func lastLineFeed() {
        #expect(open(Array(note.dropLast())) == .malformed("the note does not end in a line feed"))
    }

    @Test("a byte order mark makes another origin")
    func byteOrderMark() {
        let found = "\u{FEFF}log.example/a"
        #expect(open([0xEF, 0xBB, 0xBF] + note) == .otherOrigin(expected: "log.example/a", found: found))
    }

    @Test("a signature in base64 with other unused bits is malformed")
    func looseBase64() {
        // 68 bytes leave two unused bits before the single `=`.
        var bytes = note
        let last = bytes.count - 3
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        bytes[last] = alphabet[(alphabet.firstIndex(of: bytes[last]) ?? 0) + 1]
        guard case .malformed = open(bytes) else {
            Issue.record("\(String(describing: open(bytes)))")
            return
        }
    }

    @Test("a changed size is an invalid signature")
    func changed() { #expect(open(edited("\n5\n", "\n6\n")) == .invalidSignature(name: "log.example/a")) }

    @Test("an extension line is malformed, however well it is signed")
    func extensionLine() {
        #expect(open(log.sign(text + Array("more\n".utf8))) == .malformed("the checkpoint has an extension line"))
    }

    @Test("another log's checkpoint is refused by its origin")
    func origin() throws {
        let other = log.sign(Checkpoint(origin: "log.example/b", size: 5, root: emptyTreeHash).text)
        #expect(open(other) == .otherOrigin(expected: "log.example/a", found: "log.example/b"))
    }

    @Test("another key of the same name is not trusted")
    func otherKey() throws {
        let other = try NoteSigner(name: "log.example/a", key: try SigningKey(seed: [UInt8](repeating: 4, count: 32)))
        #expect(open(other.sign(text)) == .noTrustedSignature)
        #expect(open(log.sign(text) + other.sign(text).suffix(from: text.count + 1)) == nil)
    }

    @Test("a witness's cosignature verifies with its time, and counts once")
    func cosignature() throws {
        let line = witness.cosign(text, time: 1_700_000_000)
        let verified = try SignedNote(note + line + line).verify([log.verifierKey, witness.verifierKey])
        #expect(verified.keys == [log.verifierKey, witness.verifierKey])
        #expect(verified.times == [witness.verifierKey: 1_700_000_000])
    }

    @Test("a log signature offered as a cosignature, or the reverse, is refused")
    func wrongKind() throws {
        let asWitness = try NoteSigner(
            name: "log.example/a", key: try SigningKey(seed: [UInt8](repeating: 3, count: 32)), kind: .cosignature)
        let signature = try SignedNote(note).signatures[0]
        #expect(!asWitness.verifierKey.verifies(signature.bytes, of: text))
        let cosigned = try SignedNote(text + [0x0A] + witness.cosign(text, time: 1))
        #expect(!log.verifierKey.verifies(cosigned.signatures[0].bytes, of: text))
        #expect(throws: NoteError.noTrustedSignature) { try SignedNote(note).verify([asWitness.verifierKey]) }
        #expect(throws: NoteError.noTrustedSignature) { try Checkpoint.open(note, key: asWitness.verifierKey) }
    }

    @Test("a huge note is refused by a limit")
    func huge() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: SignedNote.bytesMax + 1)
        #expect(open(bytes) == .limit("the note is longer than 1000000 bytes"))
    }

    @Test("base64 comes back from every length, and only in its one form")
    func base64() {
        for count in 0...70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64.decodeStrict(Base64.encode(bytes)) == bytes)
        }
        for text in [
            "A", "AA", "AAA", "A===", "AA=A", "====", "AB==", "AAB=", "AA-_", "AA\n=", " AAA", "AAAA=", "=AAA",
        ] {
            #expect(Base64.decodeStrict(text) == nil, "\(text)")
        }
        #expect(Base64.encode([UInt8]("foobar".utf8)) == "Zm9vYmFy")
    }

    @Test("decimals are read in their one form")
    func decimals() {
        #expect(Decimal.parse("0".utf8) == 0)
        #expect(Decimal.parse("18446744073709551615".utf8) == .max)
        for text in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "18446744073709551616", "١"] {
            #expect(Decimal.parse(text.utf8) == nil, "\(text)")
        }
    }
}
