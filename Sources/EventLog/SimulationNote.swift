package import TransparencyLog

/// The signed report of a simulation: a note (c2sp.org/signed-note) by the log's key under the name `<origin>/simulation`.
///
/// ```
/// docket simulation report v1
/// <origin>
/// <the report, canonical JSON on one line>
///
/// — <origin>/simulation <base64(key id ‖ Ed25519 signature)>
/// ```
///
/// Its first line holds spaces, which no origin does, and its third is not base64: neither reader takes the other's text,
/// though one key signs both.
package enum SimulationNote {
    private static let firstLine = "docket simulation report v1"
    /// The end of the name under which the log's key signs.
    private static let nameEnd = "/simulation"

    /// The note of a report, which is JSON on one line.
    /// - Throws: `KeyFileError` where the key is not the log's, `NoteError` where the report is too long.
    package static func sign(_ report: [UInt8], of log: EventLog, with key: KeyFile.Opened) throws -> [UInt8] {
        guard try key.signs(log) else {
            throw NoteError.malformed("the key is not the one that signs `\(log.origin)`")
        }
        let note = try key.signer(nameEnd: nameEnd).sign(Array("\(firstLine)\n\(log.origin)\n".utf8) + report + [0x0A])
        guard note.count <= SignedNote.bytesMax else {
            throw NoteError.limit("the report is longer than \(SignedNote.bytesMax) bytes")
        }
        return note
    }

    /// The report of a note that a log's key signed.
    /// - Throws: `NoteError` for any other text, signature or origin.
    package static func open(_ note: [UInt8], of log: EventLog) throws(NoteError) -> [UInt8] {
        let note = try SignedNote(note)
        let key = try VerifierKey(
            name: log.origin + nameEnd, kind: .ed25519, publicKey: log.verifierKey.publicKey)
        _ = try note.verify([key])
        let lines = note.text.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty, lines[0].elementsEqual(firstLine.utf8) else {
            throw .malformed("it is not the report of a simulation")
        }
        guard lines[1].elementsEqual(log.origin.utf8) else {
            throw .malformed("the report is of another ledger than `\(log.origin)`")
        }
        return Array(lines[2])
    }
}

extension EventLog {
    /// The root of the tree over the first `size` entries in base64.
    /// - Throws: as `root(size:)`.
    package func rootText(size: UInt64) throws(EventLogError) -> String { try root(size: size).base64 }
}
