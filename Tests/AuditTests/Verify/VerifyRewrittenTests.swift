import Audit
import EventLog
import Foundation
import LMDB
import Sodium
import Testing
import TransparencyLog

/// The operator has the disk, and here writes every table of the log anew.
@Suite("verifying a log that was written anew")
struct VerifyRewrittenTests {
    let sample: VerifySample
    let forged: [[UInt8]]

    init() throws {
        sample = try VerifySample()
        forged = VerifySample.chain(600) { i, previous in
            i == 300 ? VerifySample.entry(i, after: previous, id: "forged") : nil
        }
    }

    /// Writes the forged entries with their tiles, then every commit's note by `note`, which is given the size.
    func write(signer: NoteSigner, origin: String = VerifySample.origin, _ note: (Int) -> [UInt8]?) throws -> String {
        let path = sample.path + "/log"
        try EventLog.create(directory: path, origin: origin, verifierKey: signer.verifierKey, mapSize: 1 << 30)
        do {
            let log = try EventLog.openWriter(directory: path, signer: signer, mapSize: 1 << 30)
            for start in stride(from: 0, to: 600, by: 100) {
                let batch = CommitBuffer()
                for line in forged[start..<(start + 100)] { batch.append(line, leafHash(line)) }
                _ = try log.commit(batch)
            }
        }
        try sample.change("commits") { write, table in
            for size in stride(from: 100, through: 600, by: 100) {
                guard let note = note(size) else { continue }
                try note.withUnsafeBytes { try write.put(table, UInt64(size), $0) }
            }
        }
        return path
    }

    func run(_ path: String) async throws -> VerifyResult { try await sample.verifier().run(.log(directory: path)) }

    @Test("everything recomputed but not signed again fails by its signatures")
    func notSigned() async throws {
        let path = try write(signer: sample.signer) { size in
            let note = VerifySample.sign(sample.lines, sample.signer, size: size)
            let root = VerifySample.root(Array(forged.prefix(size)))
            let text = Checkpoint(origin: VerifySample.origin, size: UInt64(size), root: root).text
            return text + note[note.firstRange(of: Array("\n— ".utf8))!.lowerBound...]
        }
        let result = try await run(path)
        #expect(result.verdict == .fail)
        #expect(result.reason == .signature)
        #expect(result.bad.map(\.what).contains("checkpoint of 400 entries"))
        #expect(result.bad.allSatisfy { $0.found == "invalid signature" })
        #expect(result.lastGood == 300)
    }

    @Test("everything signed by another key of the same name fails: no trusted signature")
    func otherKey() async throws {
        let result = try await run(try write(signer: try VerifySample.signer(seed: 8)) { _ in nil })
        #expect(result.verdict == .fail)
        #expect(result.reason == .signature)
        #expect(result.bad.count { $0.found == "no trusted signature" } == 6)
        #expect(result.bad.last?.what == "`verifierKey` in `meta`")
        #expect(result.size == nil)
        #expect(result.lastGood == nil)
    }

    @Test("another log's checkpoints fail by their origin")
    func origin() async throws {
        let other = try VerifySample.signer(seed: 7, name: "log.example/other")
        let result = try await run(try write(signer: other, origin: "log.example/other") { _ in nil })
        #expect(result.verdict == .fail)
        #expect(result.reason == .origin)
        #expect(result.bad[0].found == "log.example/other")
    }

    @Test("a note in another form, or a huge one, fails without a crash")
    func notes() async throws {
        let path = try sample.writeLog(sample.lines)
        let text = String(decoding: VerifySample.sign(sample.lines, sample.signer, size: 300), as: UTF8.self)
        let notes: [(String, VerifyResult.Reason)] = [
            (text.replacing("\n300\n", with: "\n+300\n"), .malformed),
            (text.replacing("\n300\n", with: "\n0300\n"), .malformed), (text.replacing("\n", with: "\r\n"), .malformed),
            (text.replacing("\n\n", with: "\next\n\n"), .malformed), (text.replacing("=\n", with: "\n"), .malformed),
            ("\u{FEFF}" + text, .origin), (String(text.dropLast()), .malformed), ("", .malformed),
            (text + String(repeating: "x", count: 2_000_000), .limit),
            (text + String(repeating: "— a AAAAAAAA\n", count: 101), .limit),
        ]
        for (note, reason) in notes {
            try sample.change("commits") { write, table in
                try Array(note.utf8).withUnsafeBytes { try write.put(table, 300, $0) }
            }
            let result = try await run(path)
            #expect(result.verdict == .fail)
            #expect(result.reason == reason, "\(note.prefix(60))")
            #expect(result.bad.map(\.what) == ["checkpoint of 300 entries"])
            #expect(result.lastGood == 600)
        }
    }

    /// Puts another signature under the checkpoint of 300 entries, whose root stays right.
    func writeForgedSignature() throws -> String {
        let path = try sample.writeLog(sample.lines)
        let note = VerifySample.sign(sample.lines, sample.signer, size: 300)
        let forged =
            try SignedNote(note).text + [0x0A]
            + line(VerifySample.origin, sample.signer.verifierKey.keyID, [UInt8](repeating: 5, count: 64))
        try sample.change("commits") { write, table in try forged.withUnsafeBytes { try write.put(table, 300, $0) } }
        return path
    }

    @Test("a commit with the right root and a forged signature is found where all signatures are asked for")
    func forgedSignature() async throws {
        let path = try writeForgedSignature()
        let newest = try await run(path)
        #expect(newest.verdict == .ok)
        #expect(newest.signatures == .newest)
        #expect(newest.json.contains(#""signatures":"newest""#))
        var verifier = sample.verifier()
        verifier.signatures = .all
        let all = try await verifier.run(.log(directory: path))
        #expect(all.verdict == .fail)
        #expect(all.reason == .signature)
        #expect(all.bad.map(\.what) == ["checkpoint of 300 entries"])
        #expect(all.bad.map(\.found) == ["invalid signature"])
        #expect(all.lastGood == 600)
        #expect(all.signatures == .all)
    }

    @Test("where anything else is bad all signatures are verified, whatever was asked for")
    func allWhereBad() async throws {
        let path = try writeForgedSignature()
        let line = edited(sample.lines[420], "1999", "2999")
        try sample.change("entries") { write, table in try line.withUnsafeBytes { try write.put(table, 420, $0) } }
        let result = try await run(path)
        #expect(result.verdict == .fail)
        #expect(result.bad.map(\.what) == ["checkpoint of 300 entries", "leaf hash"])
        #expect(result.lastGood == 400)
        #expect(result.signatures == .all)
    }

    @Test("a sound log is OK with all its signatures, also with an entry a commit", arguments: [1, 7, 100])
    func allSound(_ perCommit: Int) async throws {
        let path = try sample.writeLog(sample.lines, perCommit: perCommit)
        for signatures in VerifySignatures.allCases {
            var verifier = sample.verifier()
            verifier.signatures = signatures
            let result = try await verifier.run(.log(directory: path))
            #expect(result.verdict == .ok)
            #expect(result.lastGood == 600)
            #expect(result.signatures == signatures)
        }
    }

    /// A signature line of these bytes.
    private func line(_ name: String, _ keyID: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        let id = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: keyID >> UInt32($0)) }
        return Array("— \(name) \(Data(id + bytes).base64EncodedString())\n".utf8)
    }

    @Test("cosignatures and signatures offered for one another count for nothing")
    func cosignatures() async throws {
        let path = try sample.writeLog(sample.lines)
        let note = sample.note, signature = try SignedNote(note).signatures[0]
        func verdict(_ note: [UInt8]) async throws -> VerifyResult {
            try sample.change("commits") { write, table in try note.withUnsafeBytes { try write.put(table, 600, $0) } }
            return try await run(path)
        }
        let witness = line("witness.example", 7, [UInt8](repeating: 1, count: 72))
        #expect(try await verdict(note + witness + witness).verdict == .ok)
        #expect(try await verdict(note + line(signature.name, signature.keyID ^ 1, signature.bytes)).verdict == .ok)
        #expect(try await verdict(note + line(signature.name, signature.keyID, signature.bytes)).verdict == .ok)
        let time = [UInt8](repeating: 0, count: 8)
        let asCosignature = try await verdict(note + line(signature.name, signature.keyID, time + signature.bytes))
        #expect(asCosignature.reason == .signature)
        #expect(asCosignature.bad[0].found == "invalid signature")
        let text = try SignedNote(note).text + [0x0A]
        let witnessOnly = try await verdict(text + witness)
        #expect(witnessOnly.reason == .signature)
        #expect(witnessOnly.bad[0].found == "no trusted signature")
    }
}
