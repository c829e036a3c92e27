import Foundation
import TestSupport
import Testing

@testable import JSON

@Suite("JSONTestSuite")
struct ParsingSuiteTests {
    /// The codes with which I-JSON (RFC 7493) and our limits refuse well-formed JSON.
    private static let refusedByIJSON: Set<JSONError.Code> = [
        .duplicateName, .loneSurrogate, .integerRange, .numberRange, .depth,
    ]

    private static func suite(_ folder: String, _ prefix: String = "") throws -> [(name: String, bytes: [UInt8])] {
        try Vectors.files(in: "json-testsuite/\(folder)", suffix: ".json").compactMap { path in
            let name = String(path.split(separator: "/").last!)
            guard name.hasPrefix(prefix) else { return nil }
            return (name, try #require(Vectors.file("json-testsuite/\(folder)/\(name)")))
        }
    }

    /// Returns whether Foundation reads the same from both.
    private static func readAlike(_ a: [UInt8], _ b: [UInt8]) throws -> Bool {
        func value(_ bytes: [UInt8]) throws -> Any {
            try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        }
        return try areAlike(value(a), value(b))
    }

    private static func areAlike(_ a: Any, _ b: Any) -> Bool {
        switch (a, b) {
        case (let a as NSNumber, let b as NSNumber):
            // Foundation's decimals are a few units off the nearest double.
            abs(a.doubleValue - b.doubleValue) <= abs(a.doubleValue) * 1e-14
        case (let a as String, let b as String): Array(a.utf8) == Array(b.utf8)
        case (let a as [Any], let b as [Any]): a.count == b.count && zip(a, b).allSatisfy { areAlike($0, $1) }
        case (let a as [String: Any], let b as [String: Any]):
            a.count == b.count && a.allSatisfy { name, value in b[name].map { areAlike(value, $0) } ?? false }
        default: a is NSNull && b is NSNull
        }
    }

    @Test("every y_ file is accepted with its content, unless a rule of I-JSON refuses it")
    func yFilesAreAccepted() throws {
        for (name, bytes) in try Self.suite("test_parsing", "y_") {
            if let error = refused(bytes) {
                #expect(Self.refusedByIJSON.contains(error.code), "\(name): \(error)")
            } else {
                let canonical = try Document.parse(bytes).bytes
                #expect(try Self.readAlike(canonical, bytes), "\(name)")
            }
        }
    }

    @Test("every n_ file is refused as no JSON")
    func nFilesAreRefused() throws {
        for (name, bytes) in try Self.suite("test_parsing", "n_") {
            let error = refused(bytes)
            #expect(error != nil, "\(name) was accepted")
            // A file may break a rule of I-JSON before it breaks the grammar.
            let codes: Set<JSONError.Code> = [.malformed, .invalidUTF8, .empty, .depth, .loneSurrogate]
            if let error { #expect(codes.contains(error.code), "\(name): \(error)") }
        }
    }

    @Test("every i_ file is accepted in a form that parses alike, or refused with a reason")
    func iFilesAreDecided() throws {
        for (name, bytes) in try Self.suite("test_parsing", "i_") {
            guard refused(bytes) == nil else { continue }
            let document = try Document.parse(bytes)
            #expect(try Document.parse(document.bytes).bytes == document.bytes, "\(name)")
        }
    }

    @Test("the fast reader and the diagnosis agree on every file")
    func readerAndDiagnosisAgree() throws {
        for folder in ["test_parsing", "test_transform"] {
            for (name, bytes) in try Self.suite(folder) {
                let diagnosed = bytes.withUnsafeBytes { bytes in
                    var diagnosis = Diagnosis(bytes)
                    return diagnosis.firstError()
                }
                #expect(refused(bytes) == diagnosed, "\(name)")
            }
        }
    }

    @Test("exactly the files listed as canonical are accepted as canonical")
    func canonicalFiles() throws {
        guard let file = Vectors.file("json-testsuite/canonical_expectations.json") else { return }
        let files = try #require(try Document.parse(file).root["files"])
        #expect(files.count > 0)
        for entry in files.children {
            let name = try #require(entry["file"]?.string)
            let bytes = try #require(Vectors.file("json-testsuite/test_parsing/\(name)"))
            // The list has no limit of 64 levels, and no verdict beyond its own limit.
            let listed = entry["is_canonical_jcs"]?.bool ?? false
            let expected = listed && refused(bytes)?.code != .depth
            #expect(bytes.withUnsafeBytes { Document.isCanonical($0) } == expected, "\(name)")
            if expected {
                let indexed = try bytes.withUnsafeBytes { try Document(canonical: $0) }
                #expect(try sameNodes(indexed, Document.parse(bytes)), "\(name)")
            }
        }
    }

    @Test("each file of test_transform is decided by its rule")
    func transformations() throws {
        for (name, bytes) in try Self.suite("test_transform") {
            let text = String(decoding: bytes, as: UTF8.self)
            let error = refused(bytes)
            if name.hasPrefix("object_same_key") {
                #expect(error?.code == .duplicateName, "\(name)")
            } else if name.contains("escaped_invalid_codepoint") {
                #expect(error?.code == .loneSurrogate, "\(name)")
            } else if String(validating: bytes, as: UTF8.self) == nil {
                #expect(error?.code == .invalidUTF8, "\(name)")
            } else if name.hasPrefix("number_") {
                let value = try #require(Double(text.filter { !"[]\n ".contains($0) }))
                #expect(error?.code == (value.magnitude < 0x1p53 ? nil : .integerRange), "\(name)")
                if error == nil { #expect(try Document.parse(bytes).root.element(0).double == value, "\(name)") }
            } else if name.hasPrefix("object_key_nf") {
                // Foundation would merge the two.
                #expect(try Document.parse(bytes).root.count == 2, "\(name)")
            } else {
                #expect(error == nil, "\(name)")
                #expect(try Self.readAlike(Document.parse(bytes).bytes, bytes), "\(name)")
            }
        }
    }

    @Test("names that differ in normal form alone are two names")
    func namesAreNotNormalised() throws {
        for name in ["object_key_nfc_nfd", "object_key_nfd_nfc"] {
            guard let bytes = Vectors.file("json-testsuite/test_transform/\(name).json") else { return }
            let document = try Document.parse(bytes)
            #expect(document.root.count == 2)
            #expect(document.root.member("\u{E9}")?.string == "NFC")
            #expect(document.root.member("e\u{301}")?.string == "NFD")
        }
    }
}

/// Returns whether two documents have the same bytes and the same index.
func sameNodes(_ a: Document, _ b: Document) -> Bool {
    guard a.bytes == b.bytes, a.nodeCount == b.nodeCount else { return false }
    return (0..<a.nodeCount).allSatisfy { node in
        let (x, y) = (a.at(node), b.at(node))
        return x.start == y.start && x.length == y.length && x.next == y.next && x.count == y.count
            && x.nameStart == y.nameStart && x.flags == y.flags
    }
}

@Suite("RFC 8785 test data")
struct JCSVectorTests {
    @Test("every input becomes its published output, but for the integers that I-JSON refuses")
    func inputsBecomeOutputs() throws {
        for path in Vectors.files(in: "jcs/input", suffix: ".json") {
            let name = String(path.split(separator: "/").last!)
            let input = try #require(Vectors.file("jcs/input/\(name)"))
            let output = try #require(Vectors.file("jcs/output/\(name)"))
            let hex = try #require(Vectors.file("jcs/outhex/\(name.dropLast(5)).txt"))
            let (written, refused) = try Self.written(input)
            #expect(written == output, "\(name)")
            let spelled = String(decoding: hex, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            #expect(written == spelled.map { UInt8($0, radix: 16)! }, "\(name)")
            #expect(output.withUnsafeBytes { Document.isCanonical($0) } == refused.isEmpty, "\(name)")
        }
    }

    /// The canonical form of an input, and the integers beyond 2^53 − 1 in it: for each the parser is given a string,
    /// which is then replaced by the number's spelling.
    private static func written(_ input: [UInt8]) throws -> (bytes: [UInt8], refused: [Double]) {
        var input = input
        var refused: [Double] = []
        while let error = failure({ () throws(JSONError) in try Document.parse(input) }), error.code == .integerRange {
            let lexeme = input[error.offset...].prefix { "+-.0123456789eE".utf8.contains($0) }
            let value = try #require(Double(String(decoding: lexeme, as: UTF8.self)))
            #expect(value.magnitude >= 0x1p53)
            input.replaceSubrange(lexeme.indices, with: "\"number \(refused.count)\"".utf8)
            refused.append(value)
        }
        var text = String(decoding: try Document.parse(input).bytes, as: UTF8.self)
        for (i, value) in refused.enumerated() {
            text = text.replacingOccurrences(of: "\"number \(i)\"", with: ECMAScriptNumber.text(value))
        }
        return (Array(text.utf8), refused)
    }

    @Test("every listed double is spelled as ECMAScript does")
    func doublesAreSpelledAsECMAScript() throws {
        for path in Vectors.files(in: "jcs", suffix: ".txt") {
            let name = String(path.split(separator: "/").last!)
            let lines = String(decoding: try #require(Vectors.file("jcs/\(name)")), as: UTF8.self).split(
                separator: "\n")
            var wrong: [Substring] = []
            for line in lines {
                let parts = line.split(separator: ",")
                let bits = try #require(UInt64(parts[0], radix: 16))
                let value = Double(bitPattern: bits)
                if ECMAScriptNumber.text(value) != parts[1] { wrong.append(line) }
            }
            #expect(!lines.isEmpty)
            #expect(wrong.isEmpty, "\(name): \(wrong.prefix(20))")
        }
    }

    @Test("the sample numbers are spelled as listed, and those that JSON has not are refused")
    func sampleNumbers() throws {
        guard let file = Vectors.file("jcs/number_samples.json") else { return }
        let samples = try #require(try Document.parse(file).root["samples"])
        #expect(samples.count > 0)
        for sample in samples.children {
            let hex = try #require(sample["ieee754_hex"]?.string)
            let bits = try #require(UInt64(hex, radix: 16))
            let value = Double(bitPattern: bits)
            if let spelling = sample["json"]?.string {
                #expect(ECMAScriptNumber.text(value) == spelling)
            } else {
                var writer = CanonicalWriter()
                #expect(refusal { () throws(JSONError) in try writer.double(value) } == .numberRange, "\(value)")
                #expect(writer.count == 0)
            }
        }
    }
}
