import TestSupport
import Testing
import TransparencyLog

@testable import Audit

/// An entry that matches a shape is taken without its form being read; the answer must be the same.
@Suite("shapes of entries", .ownThreads)
struct VerifyShapeTests {
    /// Everything that a reader says of one entry.
    struct Answer: Equatable {
        var findings: [VerifyFinding] = []
        var links: [String] = []
        var sequence: UInt64?
        var time: String?
        var identity: [UInt64] = []

        init(_ reader: VerifyEntryReader) {
            findings = reader.findings
            links = reader.links.map { "\($0.before) \($0.leaf) \($0.carried) \($0.corrected)" }
            sequence = reader.last?.sequence
            time = reader.last?.time?.text
            identity = reader.digest.map { [$0.0, $0.1] } ?? []
        }
    }

    static let genesis = genesisHash(origin: VerifySample.origin)

    /// Reads an entry after one before; `reader` may know shapes.
    func read(_ line: [UInt8], _ place: Int, after before: [UInt8], _ reader: inout VerifyEntryReader) -> Answer {
        before.withUnsafeBytes { reader.begin(after: $0, place: UInt64(place - 1)) }
        line.withUnsafeBytes { reader.take($0, leafHash($0), place: UInt64(place)) }
        return Answer(reader)
    }

    /// A reader that has learned from lines.
    func learned(_ lines: [[UInt8]]) -> VerifyEntryReader {
        var reader = VerifyEntryReader(genesis: Self.genesis)
        for _ in 0..<2 {
            reader.begin(after: nil, place: .max)
            for (i, line) in lines.enumerated() {
                line.withUnsafeBytes { reader.take($0, leafHash($0), place: UInt64(i)) }
            }
        }
        #expect(reader.findings.isEmpty)
        return reader
    }

    /// Reads a line with and without shapes and expects one answer.
    func compare(_ line: [UInt8], _ place: Int, after before: [UInt8], _ reader: inout VerifyEntryReader) {
        guard !line.isEmpty else { return }
        var fresh = VerifyEntryReader(genesis: Self.genesis)
        let expected = read(line, place, after: before, &fresh)
        let found = read(line, place, after: before, &reader)
        #expect(found == expected, "\(String(decoding: line, as: UTF8.self))")
    }

    static let bytes: [UInt8] = [
        0, 0x0A, 0x1F, 0x20, 0x22, 0x2C, 0x2D, 0x2E, 0x30, 0x31, 0x39, 0x3A, 0x45, 0x5B, 0x5C, 0x5D, 0x65, 0x7B, 0x7D,
        0x7F, 0x80, 0xC3, 0xFF,
    ]

    static let data =
        #"{"amount":199900,"because":"x","big":9007199254740991,"deep":[{"a":[]},true,null,-7],"empty":"","key":"ORD-1","#
        + #""none":0,"note":"café \"x\" \n","rate":0.025,"small":1e-7}"#

    static func lines() -> [[UInt8]] {
        VerifySample.cascade { i, members in [0, 3, 4].contains(i) ? members : members.with(["data": data]) }
    }

    @Test("an entry with any byte changed, left out or put in gets the same answer", arguments: [1, 2, 4])
    func mutations(_ place: Int) {
        var random = SeededGenerator.announced()
        let lines = Self.lines()
        var reader = learned(lines)
        let line = lines[place], before = lines[place - 1]
        for i in line.indices {
            // Each byte at each place would take minutes: at each place a few of them.
            for byte in Self.bytes.shuffled(using: &random).prefix(3) where byte != line[i] {
                var changed = line
                changed[i] = byte
                compare(changed, place, after: before, &reader)
            }
            var shorter = line
            shorter.remove(at: i)
            compare(shorter, place, after: before, &reader)
            if random.once(in: 4) { compare(Array(line[..<i]), place, after: before, &reader) }
            var longer = line
            longer.insert(([0x22, 0x30, 0x61, 0x20] as [UInt8])[random.below(4)], at: i)
            compare(longer, place, after: before, &reader)
        }
        compare(line, place, after: before, &reader)
    }

    @Test("values in the place of others get the same answer")
    func values() {
        let values = [
            "0", "-0", "-1", "01", "1.0", "0.5", "0.50", "1e3", "1e-7", "1e21", "9007199254740991", "9007199254740992",
            "-9007199254740991", "999999999999999", "1000000000000000", "true", "null", "\"\"", "\"a\"", "\"é\"",
            "\"\\u00e9\"",
            "\"\\n\"", "\"\\u000a\"", "\"\u{7F}\"", "[]", "[1]", "{}", "1-1", "--1", "-", "1 ",
        ]
        func line(_ value: String) -> [UInt8] {
            VerifySample.entry(1, after: leafHash(first), data: "{\"a\":\(value),\"b\":\"x\"}")
        }
        let first = VerifySample.entry(0, after: Self.genesis)
        for shape in values {
            var reader = VerifyEntryReader(genesis: Self.genesis)
            _ = read(line(shape), 1, after: first, &reader)
            for value in values { compare(line(value), 1, after: first, &reader) }
        }
    }

    @Test("attributes in the place of others get the same answer", arguments: VerifyPromiseTests.broken)
    func attributes(_ broken: VerifyPromiseTests.Broken) {
        var reader = learned(VerifySample.cascade())
        let lines = VerifySample.cascade { $0 == broken.place ? $1.with(broken.changes) : $1 }
        for place in 1..<7 { compare(lines[place], place, after: lines[place - 1], &reader) }
    }

    @Test("most entries of a log are taken by their shape, and none of a kind that comes once")
    func matches() {
        let lines = VerifySample.chain(64)
        let shapes = VerifyShapes()
        let counts = (1..<64).map { i in
            lines[i].withUnsafeBytes { bytes -> Bool in
                let time = Array(VerifySample.time(i - 1).utf8).withUnsafeBytes { VerifyTime($0)! }
                let before = VerifyEntry(
                    place: UInt64(i - 1), leaf: leafHash(lines[i - 1]), sequence: UInt64(i - 1), time: time)
                shapes.context.begin(place: UInt64(i), after: before, time)
                if shapes.match(bytes) { return true }
                shapes.learn(bytes, VerifyEntryReader.scan(bytes)!)
                return false
            }
        }
        #expect(counts == [false] + [Bool](repeating: true, count: 62))
    }

    @Test("the digits of a sequence are those that it is written with")
    func digits() {
        for value in [0, 1, 9, 10, 99, 100, 12_345_678, 99_999_999, 10_000_000] as [UInt64] {
            let word = VerifyShapeContext.digits(value)
            let text = (0..<8).map { UInt8(truncatingIfNeeded: word.littleEndian >> UInt64(8 * $0)) }
            let digits = String(value)
            #expect(String(decoding: text, as: UTF8.self) == String(repeating: "0", count: 8 - digits.count) + digits)
        }
    }
}
