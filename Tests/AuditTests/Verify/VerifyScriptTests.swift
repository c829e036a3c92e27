import Audit
import Foundation
import TestSupport
import Testing
import TransparencyLog

@Suite("the verifier in Python", .ownThreads)
struct VerifyScriptTests {
    private static let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("tools").path
    private static let python = tools + "/python"

    /// The script; nil, after saying why, if it cannot run.
    static let script: String? = {
        guard run(python, ["-c", "import nacl.signing"])?.status == 0 else {
            print("skipped: no Python with PyNaCl (tools/install-packages --python)")
            return nil
        }
        return tools + "/verify.py"
    }()

    static func run(_ path: String, _ arguments: [String]) -> (status: Int32, output: Data)? {
        guard let folder = try? TemporaryDirectory(),
            let process = try? ChildProcess(path, arguments, output: .file(folder.file("output")))
        else { return nil }
        let status = process.wait()
        return (status, (try? Data(contentsOf: URL(fileURLWithPath: folder.file("output")))) ?? Data())
    }

    struct Answer: Decodable {
        struct Bad: Decodable, Equatable {
            let sequence: UInt64?
            let what: String
        }
        struct Touched: Decodable {
            let accounts, fines, users: Set<String>
        }
        let verdict: String
        let reason: String?
        let entries: UInt64
        let size, lastGood: UInt64?
        let bad: [Bad]
        let notes: [String]
        let signatures: String
        let touched: Touched
    }

    /// Runs both verifiers on an export and expects the same answer.
    func compare(
        _ sample: VerifySample, _ lines: [[UInt8]], note: [UInt8]?, tail: [UInt8] = [], since: [[UInt8]] = [],
        receipts: [[UInt8]] = []
    ) async throws {
        guard let script = Self.script else { return }
        let path = try sample.writeExport(lines, note: note, tail: tail)
        var verifier = sample.verifier(receipts: receipts)
        verifier.since = since
        let mine = try await verifier.run(.export(path: path, checkpoint: nil))
        var arguments = [script, path, "--key", sample.signer.verifierKey.description, "--json"]
        for (i, (option, text)) in (since.map { ("since", $0) } + receipts.map { ("receipt", $0) }).enumerated() {
            try Data(text).write(to: URL(fileURLWithPath: "\(path).\(i)"))
            arguments += ["--" + option, "\(path).\(i)"]
        }
        let ran = try #require(Self.run(Self.python, arguments))
        #expect(ran.status == mine.verdict.exitCode)
        let theirs = try JSONDecoder().decode(Answer.self, from: ran.output)
        #expect(theirs.verdict == mine.verdict.rawValue)
        #expect(theirs.reason == mine.reason?.rawValue)
        #expect(theirs.entries == mine.entries)
        #expect(theirs.size == mine.size)
        #expect(theirs.lastGood == mine.lastGood)
        #expect(theirs.bad == mine.bad.map { Answer.Bad(sequence: $0.sequence, what: $0.what) })
        #expect(theirs.signatures == mine.signatures.rawValue)
        #expect(theirs.notes == mine.notes.map { String(decoding: $0, as: UTF8.self) })
        #expect(theirs.touched.accounts == mine.touched.accounts)
        #expect(theirs.touched.fines == mine.touched.fines)
        #expect(theirs.touched.users == mine.touched.users)
    }

    @Test("it gives the same answer to every changed export", arguments: VerifyEntryTests.tamperings)
    func tampered(_ tampering: VerifyEntryTests.Tampering) async throws {
        let sample = try VerifySample()
        var lines = sample.lines
        tampering.change(&lines)
        try await compare(sample, lines, note: sample.note)
    }

    @Test("it gives the same answer to exports that were signed as they are")
    func signed() async throws {
        let sample = try VerifySample(count: 20)
        try await compare(sample, sample.lines, note: sample.note)
        try await compare(sample, sample.lines, note: nil)
        try await compare(sample, sample.lines, note: sample.note, tail: Array("{".utf8))
        try await compare(sample, Array(sample.lines.dropLast()), note: sample.note, tail: Array("{".utf8))
        try await compare(sample, sample.lines, note: VerifySample.sign(sample.lines, sample.signer, size: 9))
        let changes: [(Int, Hash256) -> [UInt8]?] = [
            { i, previous in i == 9 ? VerifySample.entry(i, after: previous, id: "e-2") : nil },
            { i, _ in i == 9 ? VerifySample.entry(i, after: Hash256()) : nil },
            { i, _ in i == 0 ? VerifySample.entry(i, after: Hash256()) : nil },
            { i, previous in i == 9 ? VerifySample.entry(i, after: previous, sequence: 11) : nil },
            { i, previous in i == 9 ? VerifySample.entry(i, after: previous, time: VerifySample.time(2)) : nil },
            { i, previous in
                i == 9
                    ? VerifySample.entry(i, after: previous, data: "\"\(String(repeating: "x", count: 70_000))\"") : nil
            },
        ]
        for change in changes {
            let lines = VerifySample.chain(20, change)
            try await compare(sample, lines, note: VerifySample.sign(lines, sample.signer))
        }
    }

    @Test("it gives the same answer to every bad checkpoint, and to one seen before")
    func checkpoints() async throws {
        let sample = try VerifySample(count: 20), lines = sample.lines
        let text = String(decoding: sample.note, as: UTF8.self)
        let notes = [
            text.replacing("\n20\n", with: "\n+20\n"), text.replacing("\n20\n", with: "\n020\n"),
            text.replacing("\n20\n", with: "\n19\n"), text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text,
            String(text.dropLast()), text.replacing("\n\n", with: "\next\n\n"), text.replacing("=\n", with: "\n"),
            text + text, "", String(repeating: "x", count: 1_100_000),
        ].map { Array($0.utf8) }
        for note in notes { try await compare(sample, lines, note: note) }
        let other = VerifySample.chain(20) { i, previous in
            i > 9 ? VerifySample.entry(i, after: previous, id: "o-\(i)") : nil
        }
        for size in [5, 15, 20] {
            try await compare(
                sample, lines, note: VerifySample.sign(lines, sample.signer, size: 12),
                since: [VerifySample.sign(other, sample.signer, size: size)])
            let seen = VerifySample.sign(other, sample.signer, size: size)
            try await compare(sample, lines, note: sample.note, since: [seen])
            try await compare(
                sample, Array(lines.prefix(12)), note: VerifySample.sign(lines, sample.signer, size: 12), since: [seen])
        }
        try await compare(
            sample, lines, note: VerifySample.sign(lines, try VerifySample.signer(seed: 8)))
        try await compare(sample, lines, note: VerifySample.sign(lines, sample.signer, origin: "log.example/other"))
    }

    @Test("it finds the same promises broken", arguments: VerifyPromiseTests.broken)
    func promises(_ broken: VerifyPromiseTests.Broken) async throws {
        let sample = try VerifySample(count: 1)
        let lines = VerifySample.cascade { $0 == broken.place ? $1.with(broken.changes) : $1 }
        try await compare(sample, lines, note: VerifySample.sign(lines, sample.signer))
    }

    @Test("it names the same accounts, fines and users")
    func touched() async throws {
        let sample = try VerifySample(count: 1)
        let sound = VerifyTouchedTests.lines()
        for place in 1...6 {
            var lines = sound
            lines[place] = edited(lines[place], "\"1.0\"", "\"1.1\"")
            try await compare(sample, lines, note: VerifySample.sign(sound, sample.signer))
        }
    }

    @Test("it gives the same answer to checkpoints and receipts held outside")
    func outside() async throws {
        let sample = try VerifySample(count: 20), lines = sample.lines, signer = sample.signer
        let other = VerifySample.chain(20) { $0 == 9 ? VerifySample.entry($0, after: $1, id: "other") : nil }
        func receipt(_ index: Int, _ size: Int, isBare: Bool = false) -> [UInt8] {
            VerifySample.receipt(index, of: lines, signer, size: size, isBare: isBare).text
        }
        func note(_ size: Int) -> [UInt8] { VerifySample.sign(lines, signer, size: size) }
        let forged = VerifySample.receipt(9, of: other, signer, size: 19).text
        for (size, those) in [(20, lines), (15, lines), (20, other), (15, other), (5, other)] {
            let kept = Array(those.prefix(size)), signed = VerifySample.sign(those, signer, size: size)
            for receipts in [
                [receipt(9, 20)], [receipt(8, 20)], [receipt(3, 20)], [receipt(9, 12)], [receipt(9, 20, isBare: true)],
                [receipt(14, 20), receipt(2, 4)], [receipt(9, 20), forged],
            ] {
                try await compare(sample, kept, note: signed, receipts: receipts)
                try await compare(sample, kept, note: signed, since: receipts)
            }
            for since in [[note(4), note(20)], [note(20), note(12)], [note(8), note(16), note(19)]] {
                try await compare(sample, kept, note: signed, since: since, receipts: [receipt(4, 10)])
            }
        }
    }

    @Test("it proves a receipt, and refuses one that was changed")
    func receipts() async throws {
        guard let script = Self.script else { return }
        let sample = try VerifySample(count: 20)
        let path = try sample.writeExport(sample.lines, note: sample.note)
        let leaves = sample.lines.map { leafHash($0) }
        let proof = InclusionProof.make(index: 7, size: 20) { level, index in
            var row = Array(leaves[(Int(index) << level)..<(Int(index + 1) << level)])
            while row.count > 1 { row = (0..<(row.count / 2)).map { nodeHash(row[2 * $0], row[2 * $0 + 1]) } }
            return row[0]
        }
        func status(_ receipt: [UInt8]) throws -> Int32? {
            try Data(receipt).write(to: URL(fileURLWithPath: path + ".tlog-proof"))
            let key = sample.signer.verifierKey.description
            return Self.run(
                Self.python, [script, path, "--key", key, "--receipt", path + ".tlog-proof", "--json"])?
                .status
        }
        let receipt = TLogProof(inclusion: proof, checkpoint: sample.note)
        #expect(try status(receipt.text) == 0)
        let text = String(decoding: receipt.text, as: UTF8.self)
        let broken = [
            text.replacing("index 7", with: "index 6"), text.replacing("index 7", with: "index 20"),
            text.replacing("index 7", with: "index 07"), text.replacing(proof.hashes[0].base64 + "\n", with: ""),
            text.replacing(proof.hashes[0].base64, with: proof.hashes[1].base64),
            text.replacing("index 7\n", with: "index 7\n\(proof.hashes[0].base64)\n"),
            text.replacing("@v1", with: "@v2"),
            text.replacing("\n20\n", with: "\n21\n"),
        ]
        for text in broken { #expect(try status(Array(text.utf8)) == 1, "\(text)") }
    }
}
