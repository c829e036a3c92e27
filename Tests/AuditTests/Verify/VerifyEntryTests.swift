import Audit
import Foundation
import TestSupport
import Testing
import TransparencyLog

@Suite("verifying entries")
struct VerifyEntryTests {
    static let kinds = ["export", "log", "tiles"]

    /// One change to a sound log of 600 entries, and the findings it must cause.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let name: String
        let reason: VerifyResult.Reason
        /// The sequences found, in order, and the problem with each.
        let bad: [(UInt64, String)]
        let change: @Sendable (inout [[UInt8]]) -> Void
        var testDescription: String { name }

        init(
            _ name: String, _ reason: VerifyResult.Reason, _ bad: [(UInt64, String)],
            _ change: @escaping @Sendable (inout [[UInt8]]) -> Void
        ) {
            self.name = name
            self.reason = reason
            self.bad = bad
            self.change = change
        }
    }

    static let tamperings: [Tampering] = [
        Tampering("a byte of an entry", .chain, [(300, "leaf hash")]) { $0[300] = edited($0[300], "1999", "2999") },
        Tampering("a byte of the first entry", .chain, [(0, "leaf hash")]) { $0[0] = edited($0[0], "1999", "2999") },
        Tampering("two entries beside each other", .chain, [(300, "leaf hash"), (301, "leaf hash")]) {
            for i in 300...301 { $0[i] = edited($0[i], "1999", "2999") }
        },
        Tampering("two entries apart", .chain, [(7, "leaf hash"), (301, "leaf hash")]) {
            for i in [7, 301] { $0[i] = edited($0[i], "1999", "2999") }
        },
        Tampering("the same meaning in other bytes", .form, [(300, "canonical form"), (300, "leaf hash")]) {
            $0[300] = edited($0[300], "199900", "199900.0")
        },
        Tampering("white space", .form, [(300, "canonical form"), (300, "leaf hash")]) {
            $0[300] = edited($0[300], "{\"authid\"", "{ \"authid\"")
        },
        Tampering("a CR before the line feed", .form, [(300, "canonical form"), (300, "leaf hash")]) {
            $0[300] += [0x0D]
        },
        Tampering("members in another order", .form, [(300, "canonical form"), (300, "leaf hash")]) {
            $0[300] = edited(
                $0[300], "\"amount\":199900,\"note\":\"café \\\"x\\\"\"",
                "\"note\":\"café \\\"x\\\"\",\"amount\":199900")
        },
        Tampering("a member twice", .form, [(300, "JSON"), (300, "leaf hash")]) {
            $0[300] = edited($0[300], "{\"amount\":199900", "{\"amount\":199900,\"amount\":199900")
        },
        Tampering("an entry that is not JSON", .form, [(300, "JSON"), (300, "leaf hash")]) {
            $0[300] = Array("hello".utf8)
        },
        Tampering("a lone surrogate", .form, [(300, "JSON"), (300, "leaf hash")]) {
            $0[300] = edited($0[300], "café", "caf\\ud800")
        },
        Tampering("an integer out of range", .form, [(300, "JSON"), (300, "leaf hash")]) {
            $0[300] = edited($0[300], "199900", "1e17")
        },
        Tampering("65 levels of nesting", .form, [(300, "JSON"), (300, "leaf hash")]) {
            let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
            $0[300] = edited($0[300], "199900", deep)
        },
        Tampering("a wrong sequence", .order, [(300, "sequence")]) {
            $0[300] = edited($0[300], "\"sequence\":\"0000000000000300", "\"sequence\":\"0000000000000301")
        },
        Tampering("a wrong previous hash", .chain, [(300, "previoushash")]) {
            $0[300] = withoutLink($0[300])
        },
        Tampering("a wrong previous hash in the last entry", .chain, [(599, "previoushash")]) {
            $0[599] = withoutLink($0[599])
        },
        Tampering("a recorded time that goes back", .order, [(300, "recordedtime"), (300, "leaf hash")]) {
            $0[300] = edited($0[300], VerifySample.time(300), VerifySample.time(200))
        },
        Tampering("a recorded time that was raised", .chain, [(300, "leaf hash")]) {
            $0[300] = edited($0[300], VerifySample.time(300), VerifySample.time(310))
        },
        Tampering("no real time", .form, [(300, "recordedtime"), (300, "leaf hash")]) {
            $0[300] = edited($0[300], "2024-02-15T", "2023-02-29T")
        },
        Tampering("a missing attribute", .form, [(300, "source"), (300, "leaf hash")]) {
            $0[300] = edited($0[300], "\"source\":\"https://shop.example/orders\",", "")
        },
        Tampering("two entries swapped", .order, [(300, "sequence"), (301, "sequence")]) { $0.swapAt(300, 301) },
        Tampering("an entry removed in the middle", .order, [(300, "sequence"), (599, "entries")]) {
            $0.remove(at: 300)
        },
        Tampering("the tail removed", .truncated, [(590, "entries")]) { $0.removeLast(10) },
        Tampering("everything removed", .truncated, [(0, "entries")]) { $0.removeAll() },
    ]

    @Test("every kind of log that was changed fails at the entries that were", arguments: kinds, tamperings)
    func tampered(_ kind: String, _ tampering: Tampering) async throws {
        let sample = try VerifySample()
        var lines = sample.lines
        tampering.change(&lines)
        let result = try await sample.verifier().run(try sample.input(kind, lines))
        #expect(result.verdict == .fail)
        #expect(result.bad.map(\.sequence) == tampering.bad.map(\.0), "\(result.bad)")
        // Where tiles are stored, the tree itself tells which hash an entry must have.
        let hasTiles = kind != "export"
        let expected = tampering.bad.map { hasTiles && $0.1 == "previoushash" ? "leaf hash" : $0.1 }
        #expect(result.bad.map(\.what) == expected || result.bad.map(\.what) == tampering.bad.map(\.1), "\(result.bad)")
        #expect(result.reason == tampering.reason)
        #expect(result.entries == UInt64(lines.count))
        let first = tampering.bad[0].0
        if kind == "log" {
            #expect(result.lastGood == (first < 100 ? nil : first / 100 * 100))
        } else {
            #expect(result.lastGood == nil)
        }
    }

    @Test("the last entry changed is found by the root, or by its tile", arguments: kinds)
    func lastEntry(_ kind: String) async throws {
        let sample = try VerifySample()
        var lines = sample.lines
        lines[599] = edited(lines[599], "1999", "2999")
        let result = try await sample.verifier().run(try sample.input(kind, lines))
        #expect(result.verdict == .fail)
        #expect(result.bad.map(\.sequence) == [599])
        #expect(result.reason == (kind == "export" ? .root : .chain))
        if kind == "export" {
            #expect(result.bad[0].expected == VerifySample.root(sample.lines).base64)
            #expect(result.bad[0].found == VerifySample.root(lines).base64)
        } else {
            #expect(result.bad[0].expected == leafHash(sample.lines[599]).base64)
            #expect(result.bad[0].found == leafHash(lines[599]).base64)
        }
    }

    @Test(
        "a sound log is OK in every kind and at sizes around chunks and tiles", arguments: kinds,
        [
            1, 2, 255, 256, 257, 600, 4095, 4096, 4097, 8193,
        ])
    func sound(_ kind: String, _ count: Int) async throws {
        let sample = try VerifySample(count: count)
        let result = try await sample.verifier().run(try sample.input(kind, sample.lines))
        #expect(result.verdict == .ok)
        #expect(result.bad.isEmpty)
        #expect(result.entries == UInt64(count))
        #expect(result.size == UInt64(count))
        #expect(result.lastGood == UInt64(count))
        #expect(result.checkpoint == sample.note)
    }

    @Test("a change is found on both sides of a chunk's border", arguments: kinds, [4094, 4095, 4096, 4097])
    func border(_ kind: String, _ place: Int) async throws {
        let sample = try VerifySample(count: 9000)
        var lines = sample.lines
        lines[place] = edited(lines[place], "1999", "2999")
        var result = try await sample.verifier().run(try sample.input(kind, lines))
        #expect(result.bad.map(\.sequence) == [UInt64(place)])
        #expect(result.bad[0].found == leafHash(lines[place]).base64)
        lines = sample.lines
        lines.swapAt(place, place + 1)
        result = try await sample.verifier().run(try sample.input(kind, lines))
        #expect(result.bad.map(\.sequence) == [UInt64(place), UInt64(place + 1)])
        #expect(result.reason == .order)
    }

    @Test("an inserted entry fails at its place, and the entries after it are too many", arguments: ["export", "log"])
    func inserted(_ kind: String) async throws {
        let sample = try VerifySample()
        var lines = sample.lines
        lines.insert(VerifySample.entry(300, after: leafHash(lines[299]), id: "new"), at: 300)
        let result = try await sample.verifier().run(try sample.input(kind, lines))
        #expect(result.verdict == .fail)
        #expect(result.bad.first?.sequence == 300)
        #expect(result.reason == .order)
        #expect(result.entries == 601)
    }

    @Test("an export with any byte changed, dropped or added is never OK")
    func anyByte() async throws {
        var random = SeededGenerator(seed: 20_240_215)
        let sample = try VerifySample(count: 12)
        let sound = Array(sample.lines.joined(separator: [0x0A])) + [0x0A]
        for _ in 0..<400 {
            var bytes = sound
            let place = random.below(bytes.count)
            switch random.below(3) {
            case 0: bytes[place] ^= UInt8(random.int(in: 1...255))
            case 1: bytes.remove(at: place)
            default: bytes.insert(UInt8(random.below(256)), at: place)
            }
            guard bytes != sound else { continue }
            let path = try sample.writeExport([], note: sample.note, tail: bytes)
            let result = try await sample.verifier().run(.export(path: path, checkpoint: nil))
            #expect(result.verdict != .ok, "byte \(place)")
        }
    }
}
