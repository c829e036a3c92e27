import Audit
import LMDB
import Testing
import TransparencyLog

@Suite("verifying against what somebody outside holds")
struct VerifyPinTests {
    let sample: VerifySample
    /// The entries that the operator would rather have written, from 300 on.
    let other: [[UInt8]]

    init() throws {
        sample = try VerifySample()
        other = VerifySample.chain(600) { i, previous in
            i == 300 ? VerifySample.entry(i, after: previous, id: "forged") : nil
        }
    }

    func run(
        _ lines: [[UInt8]], since: [[UInt8]] = [], receipts: [TLogProof] = [], kind: String = "export"
    ) async throws -> VerifyResult {
        let original = sample.lines
        defer { sample.lines = original }
        sample.lines = lines
        sample.note = VerifySample.sign(lines, sample.signer)
        var verifier = sample.verifier(receipts: receipts.map(\.text))
        verifier.since = since
        let result = try await verifier.run(try sample.input(kind, lines))
        try Self.checkEvidence(result, key: "\(sample.signer.verifierKey)")
        return result
    }

    /// Every fork comes with evidence that others can check, of two of its notes, and nothing else does.
    static func checkEvidence(_ result: VerifyResult, key: String) throws {
        #expect((result.evidence != nil) == (result.verdict == .fork))
        guard let evidence = result.evidence else { return }
        _ = try ForkEvidence(evidence.bytes).check(key: key)
        #expect(result.notes.contains(evidence.proof.first) && result.notes.contains(evidence.proof.second))
    }

    func receipt(_ index: Int, size: Int = 600, of lines: [[UInt8]]? = nil, isBare: Bool = false) -> TLogProof {
        VerifySample.receipt(index, of: lines ?? sample.lines, sample.signer, size: size, isBare: isBare)
    }

    func note(_ size: Int, of lines: [[UInt8]]? = nil) -> [UInt8] {
        VerifySample.sign(lines ?? sample.lines, sample.signer, size: size)
    }

    // Receipts

    @Test("receipts that the log bears out are OK, bare or with their entry", arguments: ["export", "log", "tiles"])
    func sound(_ kind: String) async throws {
        let receipts = [
            receipt(0), receipt(300), receipt(599, isBare: true), receipt(255, size: 256), receipt(7, size: 31),
        ]
        let result = try await run(sample.lines, receipts: receipts, kind: kind)
        #expect(result.verdict == .ok, "\(result.bad)")
        #expect(result.lastGood == 600)
    }

    static let mangled: [(name: String, change: @Sendable (TLogProof) -> TLogProof)] = [
        ("a hash too few", { TLogProof(inclusion: hashes($0) { Array($0.dropLast()) }, checkpoint: $0.checkpoint) }),
        ("a hash too many", { TLogProof(inclusion: hashes($0) { $0 + [Hash256()] }, checkpoint: $0.checkpoint) }),
        (
            "two hashes swapped",
            {
                TLogProof(inclusion: hashes($0) { [$0[1], $0[0]] + $0.dropFirst(2) }, checkpoint: $0.checkpoint)
            }
        ),
        (
            "an index beyond the size",
            {
                TLogProof(
                    inclusion: InclusionProof(index: 600, hashes: $0.inclusion.hashes), checkpoint: $0.checkpoint)
            }
        ),
        (
            "an inner node for an entry",
            { receipt in
                let inner = InclusionProof(
                    index: receipt.inclusion.index >> 1, hashes: Array(receipt.inclusion.hashes.dropFirst()))
                return TLogProof(
                    inclusion: inner, checkpoint: receipt.checkpoint,
                    extra: [1] + leafHash(receipt.extra ?? []).array + receipt.inclusion.hashes[0].array)
            }
        ),
        (
            "another entry in it",
            {
                TLogProof(
                    inclusion: $0.inclusion, checkpoint: $0.checkpoint, extra: edited($0.extra ?? [], "1999", "2999"))
            }
        ),
    ]

    static func hashes(_ receipt: TLogProof, _ change: ([Hash256]) -> [Hash256]) -> InclusionProof {
        InclusionProof(index: receipt.inclusion.index, hashes: change(receipt.inclusion.hashes))
    }

    @Test("a receipt that was changed proves nothing: inclusion", arguments: 0..<6, ["export", "log"])
    func mangled(_ i: Int, _ kind: String) async throws {
        let result = try await run(sample.lines, receipts: [Self.mangled[i].change(receipt(300))], kind: kind)
        #expect(result.verdict == .fail, "\(Self.mangled[i].name)")
        #expect(result.reason == .inclusion)
        #expect(result.bad.count == 1)
        #expect(result.lastGood == 600)
        #expect(result.touched.isEmpty)
    }

    @Test("a receipt in another form, or with a checkpoint of somebody else, is refused as such")
    func refused() async throws {
        let text = String(decoding: receipt(7).text, as: UTF8.self)
        let elsewhere = try VerifySample.signer(seed: 8)
        let others: [([UInt8], VerifyResult.Reason)] = [
            (Array(text.replacing("index 7", with: "index 07").utf8), .malformed),
            (Array(text.replacing("\n", with: "\r\n").utf8), .malformed),
            (Array(text.replacing("\n600\n", with: "\n+600\n").utf8), .malformed),
            (Array((text + String(repeating: "x", count: 2_000_000)).utf8), .limit),
            (VerifySample.receipt(7, of: sample.lines, elsewhere).text, .signature),
            (Array(text.replacing("log.example/sample\n600", with: "log.example/other\n600").utf8), .origin),
        ]
        for (text, reason) in others {
            let path = try sample.writeExport(sample.lines, note: sample.note)
            let result = try await sample.verifier(receipts: [text]).run(.export(path: path, checkpoint: nil))
            #expect(result.verdict == .fail)
            #expect(result.reason == reason)
            #expect(result.lastGood == 600)
        }
    }

    @Test("an entry that was changed and not signed again is named by its receipt too")
    func unsigned() async throws {
        var lines = sample.lines
        lines[300] = edited(lines[300], "1999", "2999")
        let path = try sample.writeExport(lines, note: sample.note)
        let result = try await sample.verifier(receipts: [receipt(300).text]).run(.export(path: path, checkpoint: nil))
        #expect(result.verdict == .fail)
        #expect(result.bad.map(\.what).sorted() == ["leaf hash", "receipt's entry"])
        #expect(result.bad.allSatisfy { $0.sequence == 300 && $0.expected == leafHash(sample.lines[300]).base64 })
    }

    // Forks

    @Test("everything signed again with another entry is a fork from its receipt, which names the entry")
    func forkOfReceipt() async throws {
        for kind in ["export", "log", "tiles"] {
            let receipt = receipt(300)
            let result = try await run(other, receipts: [receipt], kind: kind)
            #expect(result.verdict == .fork)
            #expect(result.reason == .fork)
            #expect(result.bad.contains { $0.sequence == 300 && $0.what == "receipt's entry" })
            #expect(result.notes == [receipt.checkpoint, VerifySample.sign(other, sample.signer)])
            #expect(result.lastGood == nil)
        }
    }

    @Test("a shorter log that a receipt contradicts is a fork, though its checkpoint alone says stale")
    func shorterReceipt() async throws {
        let shorter = Array(other.prefix(500))
        #expect(try await run(shorter, since: [note(600)]).verdict == .stale)
        let result = try await run(shorter, receipts: [receipt(300)])
        #expect(result.verdict == .fork)
        #expect(result.bad.map(\.sequence) == [300])
        #expect(result.notes.count == 2)
        #expect(try await run(shorter, since: [receipt(300).text]).verdict == .fork)
        // The receipt of another entry contradicts by the subtrees in it.
        let beside = try await run(shorter, receipts: [receipt(299)])
        #expect(beside.verdict == .fork)
        #expect(beside.bad.map(\.what) == ["receipt's hashes"])
    }

    @Test("a shorter log that a receipt bears out is stale, as is one that ends before the entry")
    func staleReceipt() async throws {
        for index in [0, 300, 499, 500, 599] {
            for isBare in [true, false] {
                let result = try await run(
                    Array(sample.lines.prefix(500)), receipts: [receipt(index, isBare: isBare)])
                #expect(result.verdict == .stale)
                #expect(result.bad.isEmpty)
            }
        }
    }

    @Test("a shorter log that one of several checkpoints contradicts is a fork, in any order")
    func shorterSince() async throws {
        let shorter = Array(other.prefix(500))
        for since in [[note(400), note(600)], [note(600), note(400)], [note(200), note(600), note(301)]] {
            let result = try await run(shorter, since: since)
            #expect(result.verdict == .fork)
            #expect(result.notes.count == 2)
            #expect(result.lastGood == (since.count == 3 ? 200 : nil))
        }
        #expect(try await run(shorter, since: [note(200), note(600)]).verdict == .stale)
        #expect(try await run(sample.lines, since: [note(200), note(600), note(301)]).verdict == .ok)
    }

    @Test("two checkpoints held outside that contradict each other are a fork whatever the log is")
    func outside() async throws {
        let result = try await run(Array(sample.lines.prefix(200)), since: [note(550), note(550, of: other)])
        #expect(result.verdict == .fork)
        #expect(result.notes == [note(550, of: other), note(550)])
        let receipts = try await run(
            Array(sample.lines.prefix(200)), receipts: [receipt(300), receipt(300, size: 590, of: other)])
        #expect(receipts.verdict == .fork)
        #expect(receipts.bad.map(\.what) == ["hashes of two receipts"])
    }

    @Test("a fork does not call the forged checkpoints good, and has both notes in its JSON")
    func lastGood() async throws {
        let seen = note(550)
        for kind in ["export", "log"] {
            let result = try await run(other, since: [seen, note(250)], kind: kind)
            #expect(result.verdict == .fork)
            #expect(result.lastGood == 250)
            #expect(result.json.contains("\"notes\":[\"log.example/sample\\n550\\n"))
            #expect(result.json.contains("\"log.example/sample\\n600\\n"))
            #expect(result.text.contains("good up to a checkpoint of 250 entries"))
        }
        let alone = try await run(other, since: [seen], kind: "log")
        #expect(alone.lastGood == nil)
    }

    @Test("a forged commit among sound ones leaves those before it good")
    func commit() async throws {
        let path = try sample.writeLog(sample.lines)
        let bad = sample.signer.sign(Checkpoint(origin: VerifySample.origin, size: 300, root: Hash256()).text)
        try sample.change("commits") { write, table in try bad.withUnsafeBytes { try write.put(table, 300, $0) } }
        let result = try await sample.verifier().run(.log(directory: path))
        #expect(result.verdict == .fork)
        #expect(result.lastGood == 200)
        #expect(result.notes == [bad, sample.note])
    }

    @Test("a snapshot restored, on which other entries follow, is a fork from the commit of that size")
    func restored() async throws {
        let result = try await run(other, since: [note(400)], kind: "log")
        #expect(result.verdict == .fork)
        #expect(result.notes == [note(400), note(400, of: other)])
    }
}
