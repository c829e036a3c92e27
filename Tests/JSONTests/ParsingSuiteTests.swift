import Foundation
import TestSupport
import Testing

@testable import JSON

@Suite("JSONTestSuite")
struct ParsingSuiteTests {
    /// What I-JSON (RFC 7493) and our limits refuse of well-formed JSON.
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

    /// Whether Foundation reads the same from both.
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
            // The list knows no limit of 64 levels, and no verdict where its own was passed.
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

/// Whether two documents have the same bytes and the same index.
func sameNodes(_ a: Document, _ b: Document) -> Bool {
    guard a.bytes == b.bytes, a.nodeCount == b.nodeCount else { return false }
    return (0..<a.nodeCount).allSatisfy { node in
        let (x, y) = (a.at(node), b.at(node))
        return x.start == y.start && x.length == y.length && x.next == y.next && x.count == y.count
            && x.nameStart == y.nameStart && x.flags == y.flags
    }
}
