import TestSupport
import Testing

@testable import JSON

@Suite("For random documents")
struct PropertyTests {
    @Test("canonical form is its own canonical form, and one scan indexes it as the parser does")
    func canonicalFormIsStable() throws {
        var documents = RandomDocuments(random: .announced())
        for _ in 0..<3_000 {
            let text = documents.value(5)
            let document = try Document.parse(text)
            #expect(try Document.parse(document.bytes).bytes == document.bytes, "\(text)")
            #expect(sameNodes(try Document(adopting: document.bytes), document), "\(text)")
        }
    }

    @Test("damaged input is refused by the reader exactly where the diagnosis finds an error")
    func readerAndDiagnosisAgree() throws {
        var documents = RandomDocuments(random: .announced())
        for _ in 0..<6_000 {
            let bytes = documents.damaged(Array(documents.value(4).utf8))
            let diagnosed = bytes.withUnsafeBytes { bytes in
                var diagnosis = Diagnosis(bytes)
                return diagnosis.firstError()
            }
            #expect(refused(bytes) == diagnosed, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test("a damaged canonical document is refused, or its index stays within its bytes")
    func damagedCanonicalDocuments() throws {
        var documents = RandomDocuments(random: .announced())
        for _ in 0..<6_000 {
            let canonical = try Document.parse(documents.value(4)).bytes
            let bytes = documents.damaged(canonical)
            guard let document = try? Document(adopting: bytes) else { continue }
            for node in 0..<document.nodeCount {
                let view = View(document: document, node: node)
                #expect(view.canonicalRange.upperBound <= bytes.count)
                #expect(document.nodeAfter(node) <= document.nodeCount)
                _ = (view.string, view.int, view.double, view.name, view.pointer)
            }
        }
    }

    @Test("random bytes never crash the canonical scan or the parser")
    func randomBytes() {
        var random = SeededGenerator.announced()
        for _ in 0..<8_000 {
            let alphabet = Array("{}[]:,\"\\01e-.untfalsr \u{80}".utf8)
            let bytes = (0..<random.int(in: 0...24)).map { _ in random.pick(alphabet) }
            let accepted = (try? Document(adopting: bytes)) != nil
            if refused(bytes) == nil, (try? Document.parse(bytes).bytes) == bytes { #expect(accepted) }
        }
    }

    @Test("members are found by every name they have")
    func membersAreFound() throws {
        var documents = RandomDocuments(random: .announced())
        for _ in 0..<500 {
            let root = try Document.parse(documents.value(3)).root
            root.forEachMember { name, value in
                #expect(root.member(name)?.node == value.node)
                #expect(root.member(name + "x") == nil)
            }
        }
    }

    @Test("a double is read back from its spelling, short or long")
    func doublesRoundTrip() throws {
        var random = SeededGenerator.announced()
        for round in 0..<10_000 {
            var value = Double(bitPattern: random.next())
            if round % 2 == 0 {
                let scale = random.pick([10, 100, 1_000, 1e6, 1e7])
                value = Double(random.int(in: -1_000_000_000_000...1_000_000_000_000)) / scale
            }
            guard value.isFinite else { continue }
            let text = ECMAScriptNumber.text(value)
            #expect(Double(text) == value)
            guard value.magnitude < 0x1p53 else { continue }
            #expect(try Document.parse(text).root.double == value, "\(text)")
            #expect(try Document(adopting: Array(text.utf8)).root.double == value, "\(text)")
        }
    }

    @Test("threads that parse at once do not disturb each other")
    func threads() async throws {
        var documents = RandomDocuments(random: .announced())
        let texts = (0..<200).map { _ in documents.value(4) }
        let expected = try texts.map { try Document.parse($0).bytes }
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for (text, bytes) in zip(texts, expected) {
                        let parsed = try Document.parse(text).bytes
                        #expect(parsed == bytes)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Random JSON text with odd spacing, spelling and order.
struct RandomDocuments {
    var random: SeededGenerator

    private static let pieces = [
        "a", "b", "z", "é", "e\u{301}", "😀", "\u{FF00}", "\u{E000}", "\u{7F}", "\\n", "\\u0041", "\\u000b", "\\\"",
        "\\\\",
        "\\/", "\\ud83d\\ude00", "orderId", "the quick brown fox ", "\u{FFFE}", "{", "]", ",",
    ]
    private static let numbers = [
        "0", "-0", "1", "-17", "1.0", "2.50", "1e3", "1E-7", "0.1", "123456.789", "9007199254740991", "-1.5e-300",
        "33.333333333333336", "5e-324", "1e-400", "0.000001", "1234567890123.4567",
    ]

    private mutating func space() -> String { random.once(in: 4) ? random.pick([" ", "\n", "\t ", "\r\n"]) : "" }

    private mutating func string() -> String {
        "\"" + (0..<random.int(in: 0...6)).map { _ in random.pick(Self.pieces) }.joined() + "\""
    }

    /// A value with at most that many levels.
    mutating func value(_ levels: Int) -> String {
        let kind = random.int(in: 0...(levels > 0 ? 7 : 5))
        let text: String
        switch kind {
        case 0: text = random.pick(["true", "false", "null"])
        case 1, 2: text = random.pick(Self.numbers)
        case 3, 4, 5: text = string()
        case 6: text = "[" + (0..<random.int(in: 0...5)).map { _ in value(levels - 1) }.joined(separator: ",") + "]"
        default:
            // The number in each name keeps names distinct.
            let members = (0..<random.int(in: 0...(random.once(in: 20) ? 80 : 6))).map { i in
                let name = string()
                return space() + name.dropLast() + "\(i)\"" + space() + ":" + value(levels - 1)
            }
            text = "{" + members.shuffled(using: &random).joined(separator: ",") + "}"
        }
        return space() + text + space()
    }

    /// Bytes with a few of them changed, inserted or removed.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<random.int(in: 1...3) where !bytes.isEmpty {
            let at = random.int(in: 0...bytes.count - 1)
            switch random.int(in: 0...3) {
            case 0: bytes[at] = random.pick(Array("{}[]:,\"\\0e-.u\n\u{1}".utf8))
            case 1: bytes[at] ^= 1 << random.int(in: 0...7)
            case 2: bytes.remove(at: at)
            default: bytes = Array(bytes[..<at])
            }
        }
        return bytes
    }
}
