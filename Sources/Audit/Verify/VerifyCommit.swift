import Glibc
import TransparencyLog

/// Which checkpoints' signatures are verified.
package enum VerifySignatures: String, CaseIterable, Sendable {
    /// That of the newest checkpoint, of all held outside, and of commits whose notes are in another form than the log
    /// writes. The newest one's root covers all entries; the roots of the other commits are compared with the same entries,
    /// so that what they signed is known to be what the newest one signs, whoever signed them. All signatures, in a second
    /// reading, where anything is proven bad.
    case newest
    /// That of each commit.
    case all
}

/// The checkpoint of a commit.
struct VerifyCommit: Sendable {
    /// The size under which it is stored.
    let size: UInt64
    let note: [UInt8]
    /// The checkpoint if its signature was verified; nil if the note was not read yet.
    var opened: Result<Checkpoint, NoteError>?
    /// The hash over the subtrees of the entries of its chunk.
    let end: Hash256

    static func open(_ note: [UInt8], key: VerifierKey) -> Result<Checkpoint, NoteError> {
        Result { () throws(NoteError) in try Checkpoint.open(note, key: key) }
    }

    /// The finding if the checkpoint is refused on its own.
    func refusal(key: VerifierKey) -> VerifyFinding? {
        let what = "checkpoint of \(size) entries"
        switch opened ?? Self.open(note, key: key) {
        case .failure(let error): return VerifyFinding(error, what: what, key: key)
        case .success(let checkpoint) where checkpoint.size != size:
            return VerifyFinding(nil, .malformed, what, "size \(size)", "size \(checkpoint.size)")
        case .success: return nil
        }
    }

    /// The size in a note's text, signed or not; nil if there is none.
    static func sizeNamed(by note: [UInt8]) -> UInt64? {
        (try? SignedNote(note)).flatMap { try? Checkpoint(text: $0.text) }?.size
    }
}

/// The form of the notes that a log writes: the checkpoint's text and one signature line of its key.
struct VerifyNoteForm: Sendable {
    private static let signatureBytes = 64
    /// The base64 of a key id and a signature: 90 characters of six bits, one of four, and `=`.
    private static let encodedBytes = 92

    private let origin: [UInt8]
    private let line: [UInt8]
    private let keyID: UInt32
    /// By character, its six bits; 64 for one that is not of base64.
    private let values: [UInt8]

    init(key: VerifierKey) {
        origin = Array("\(key.name)\n".utf8)
        line = Array("\n— \(key.name) ".utf8)
        keyID = key.keyID
        var values = [UInt8](repeating: 64, count: 256)
        for (i, digit) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            values[Int(digit)] = UInt8(i)
        }
        self.values = values
    }

    /// Returns true if a note says that the log's key signed a size and a root; the signature itself is not verified.
    func isMet(by note: [UInt8], size: UInt64, root: Hash256) -> Bool {
        let text = origin + Array("\(size)\n".utf8)
        let rootEnd = text.count + Hash256.base64Bytes
        let signature = rootEnd + 1 + line.count
        guard note.count == signature + Self.encodedBytes + 1 else { return false }
        return unsafe note.withUnsafeBytes { bytes in
            let start = bytes.baseAddress!
            guard unsafe memcmp(start, text, text.count) == 0, unsafe bytes[rootEnd] == UInt8(ascii: "\n"),
                unsafe memcmp(start + rootEnd + 1, line, line.count) == 0,
                unsafe Self.isBase64(root, UnsafeRawBufferPointer(rebasing: bytes[text.count..<rootEnd]))
            else { return false }
            return unsafe isSignature(UnsafeRawBufferPointer(rebasing: bytes[signature...]))
        }
    }

    private static func isBase64(_ hash: Hash256, _ text: UnsafeRawBufferPointer) -> Bool {
        unsafe withUnsafeTemporaryAllocation(byteCount: Hash256.base64Bytes, alignment: 8) { buffer in
            unsafe hash.writeBase64(into: buffer)
            return unsafe memcmp(buffer.baseAddress!, text.baseAddress!, Hash256.base64Bytes) == 0
        }
    }

    /// Returns true for strict base64 of the key id and as many bytes as a signature has, and a line feed.
    private func isSignature(_ text: UnsafeRawBufferPointer) -> Bool {
        var seen: UInt8 = 0
        for i in 0..<91 { unsafe seen |= values[Int(text[i])] }
        guard seen < 64, unsafe values[Int(text[90])] & 3 == 0, unsafe text[91] == UInt8(ascii: "="),
            unsafe text[92] == UInt8(ascii: "\n")
        else { return false }
        var start: UInt64 = 0
        for i in 0..<6 { unsafe start = start << 6 | UInt64(values[Int(text[i])]) }
        return start >> 4 == UInt64(keyID)
    }
}
