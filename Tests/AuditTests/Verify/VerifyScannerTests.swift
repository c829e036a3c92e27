import Foundation
import TestSupport
import Testing

@testable import Audit

@Suite("the scanner of canonical form")
struct VerifyScannerTests {
    func accepts(_ text: [UInt8]) -> Bool {
        let entry = Array("{\"data\":".utf8) + text + Array("}".utf8)
        return entry.withUnsafeBytes { bytes in
            var scanner = VerifyScanner(bytes)
            return scanner.scan()
        }
    }

    func accepts(_ text: String) -> Bool { accepts(Array(text.utf8)) }

    @Test(
        "canonical values are taken",
        arguments: [
            "0", "-1", "9007199254740991", "-9007199254740991", "0.5", "-0.000001", "1e-7", "1.5e-9",
            "333333333.3333333",
            "5e-324", "1.5", "4.35", "0.1", "123456.789", "true", "false", "null", "[]", "{}", "[1,\"a\",[]]", "\"\"",
            "{\"a\":1,\"b\":2}", "\"é\"", "\"€\"", "\"😀\"", "\"\\b\\t\\n\\f\\r\\\"\\\\\"", "\"\\u0000\\u001f\"",
            "\"/\"",
            "{\"\":1,\"a\":2,\"aa\":3}", "{\"😀\":1,\"\u{FF5E}\":2}", "{\"\u{D7FF}\":1,\"😀\":2}", "{\"\\n\":1,\"a\":2}",
            "\"\u{7F}\"",
        ])
    func canonical(_ text: String) { #expect(accepts(text)) }

    @Test(
        "everything else is not",
        arguments: [
            "", " 1", "1 ", "01", "-0", "+1", "1.0", "1e3", "1E-7", "1e-07", "0.50", ".5", "1.", "-", "--1", "1-1",
            "9007199254740992",
            "1e17", "1e21", "1e400", "0.10000000000000000555", "NaN", "Infinity", "True", "nul", "[1,]", "[,1]",
            "[1 ,2]", "[", "{",
            "{\"a\":1,}", "{\"a\"}", "{a:1}", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":2}", "{\"\u{FF5E}\":1,\"😀\":2}",
            "{\"a\":1 }",
            "{\"a\": 1}", "\"", "\"\\u00e9\"", "\"\\u0041\"", "\"\\u000a\"", "\"\\u001F\"", "\"\\/\"",
            "\"\\ud83d\\ude00\"", "\"\\x\"",
            "\"\t\"", "{\"a\":1,\"\\n\":2}", "\"a\" \"b\"", "1}", "{\"a\\\":1}",
        ])
    func notCanonical(_ text: String) { #expect(!accepts(text)) }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFF],
            [0xC3, 0x28],
        ] as [[UInt8]])
    func notUTF8(_ bytes: [UInt8]) {
        #expect(!accepts([0x22] + bytes + [0x22]))
        #expect(!accepts([0x22] + Array("12345678".utf8) + bytes + Array("12345678".utf8) + [0x22]))
    }

    @Test("64 levels are taken and 65 are not, of arrays and of objects")
    func nesting() {
        func arrays(_ n: Int) -> String { String(repeating: "[", count: n) + String(repeating: "]", count: n) }
        func objects(_ n: Int) -> String {
            String(repeating: "{\"a\":", count: n) + "1" + String(repeating: "}", count: n)
        }
        #expect(accepts(arrays(63)))
        #expect(!accepts(arrays(64)))
        #expect(accepts(objects(63)))
        #expect(!accepts(objects(64)))
    }

    @Test("every published canonical document is taken, at every cut it is not")
    func published() throws {
        for path in Vectors.files(in: "jcs/output", suffix: ".json") {
            let text = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            // Integral numbers above 2^53 are canonical but not I-JSON.
            let isIJSON = !String(decoding: text, as: UTF8.self).contains("1e+30")
            #expect(accepts(text) == isIJSON, "\(path)")
            for cut in text.indices { #expect(!accepts(Array(text[..<cut]))) }
        }
    }

    @Test(
        "numbers are written as ECMAScript does",
        arguments: [
            (0.5, "0.5"), (1e-6, "0.000001"), (1e-7, "1e-7"), (1.25e-7, "1.25e-7"), (123456789.25, "123456789.25"),
            (-0.1, "-0.1"), (.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"), (333333333.33333329, "333333333.3333333"), (4.5, "4.5"),
        ])
    func numbers(_ number: (Double, String)) { #expect(VerifyNumber.canonical(number.0) == number.1) }

    @Test("the published ECMAScript numbers with a fraction are canonical as they are written")
    func publishedNumbers() {
        guard let file = Vectors.file("jcs/es6numbers_10000.txt") else { return }
        var checked = 0
        for line in String(decoding: file, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ",")
            guard parts.count == 2, let bits = UInt64(parts[0], radix: 16) else { continue }
            let value = Double(bitPattern: bits)
            guard value != 0, value.isFinite else { continue }
            #expect(VerifyNumber.canonical(value) == parts[1])
            if value.rounded(.towardZero) != value { #expect(accepts(String(parts[1]))) }
            checked += 1
        }
        #expect(checked > 1000)
    }

    @Test(
        "only real dates and times are taken",
        arguments: [
            ("2024-02-29T23:59:59.999Z", true), ("2023-02-29T00:00:00.000Z", false),
            ("2100-02-29T00:00:00.000Z", false),
            ("2000-02-29T00:00:00.000Z", true), ("2024-13-01T00:00:00.000Z", false),
            ("2024-00-01T00:00:00.000Z", false),
            ("2024-04-31T00:00:00.000Z", false), ("2024-04-30T24:00:00.000Z", false),
            ("2024-04-30T23:60:00.000Z", false),
            ("2024-04-30T23:59:60.000Z", false), ("2024-04-30t23:59:59.000Z", false),
            ("2024-04-30T23:59:59.00Z", false),
            ("2024-04-30T23:59:59.000z", false), ("2024-04-00T23:59:59.000Z", false),
            ("+024-04-30T23:59:59.000Z", false),
        ])
    func times(_ item: (String, Bool)) {
        let time = Array(item.0.utf8).withUnsafeBytes { VerifyTime($0) }
        #expect(time.map(\.text) == (item.1 ? item.0 : nil))
    }
}

@Suite("sorting outside memory")
struct VerifyDigestTests {
    @Test("runs in files and in memory merge into one order", arguments: [1, 10, 1000, 5000])
    func merge(_ run: Int) throws {
        var random = SeededGenerator.announced()
        var digests = VerifyDigests(runDigests: run), all: [VerifyDigest] = []
        for place in 0..<4321 {
            let high: UInt64 = place % 7 == 0 ? 5 << 48 : random.next()
            let digest = VerifyDigest(high: high, low: random.next() % 3, place: UInt64(place), locator: 0)
            all.append(digest)
            if run > 10 || place < 200 { try digests.append(digest) }
        }
        var merge = try VerifyDigestMerge(digests.finish())
        var merged: [UInt64] = []
        while let digest = try merge.next() { merged.append(digest.place) }
        #expect(merged == all.prefix(run > 10 ? all.count : 200).sorted { $0 < $1 }.map(\.place))
    }

    @Test("no digests give none")
    func empty() throws {
        var merge = try VerifyDigestMerge([.memory([]), .memory([])])
        #expect(try merge.next().map(\.place) == nil)
    }
}
