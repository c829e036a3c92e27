import Foundation
import TestSupport
import Testing
import TransparencyLog

/// pycose, a library for COSE that others wrote, from PyPI, in a virtual environment of its own.
private enum Pycose {
    private static let python = Docket(path: "/usr/bin/env")
    private static let script = [
        "python3", Docket.package + "/tools/cose-receipt.py", Docket.package + "/.build/cose-python",
    ]

    /// Reason that it is not available; nil where it is.
    static let absence: String? = {
        do {
            let result = try python.run(script)
            return result.status == 0 ? nil : result.messages
        } catch {
            return "\(error)"
        }
    }()

    static func check(_ receipt: String, key: String, root: Hash256) throws -> Docket.Result {
        try python.run(script + [receipt, key, root.hex])
    }
}

@Suite("COSE receipts from the command line", .ownThreads)
struct COSEReceiptVerbTests {
    private struct Checked: Decodable {
        let valid: Bool, structure: Int, size: UInt64, index: UInt64, hashes: [String]
    }

    private func make(_ sequence: Int, of ledger: TestLedger, in folder: TemporaryDirectory) throws -> String {
        let file = folder.file("receipt.cose")
        let made = try ledger.run("receipt", String(sequence), "--cose", "-o", file)
        try #require(made.status == 0, "\(made.messages)")
        return file
    }

    @Test("check takes it as any receipt, with the key of its log alone")
    func check() throws {
        let ledger = try KnownHistory.ledger(), other = try TestLedger()
        let folder = try TemporaryDirectory()
        let file = try make(20, of: ledger, in: folder)
        let good = try Docket.binary.run(["check", file, "--key", ledger.key], in: folder.path)
        #expect(good.status == 0, "\(good.messages)")
        #expect(good.output.hasPrefix("OK: entry 20 of \(TestLedger.origin)"))
        #expect(try Docket.binary.run("check", file, "--key", other.key).status == 1)
    }

    @Test("a bare one needs the entry, and proves no other")
    func bare() throws {
        let ledger = try KnownHistory.ledger()
        let folder = try TemporaryDirectory()
        let file = folder.file("bare.cose"), entry = folder.file("entry"), another = folder.file("another")
        #expect(try ledger.run("receipt", "20", "--cose", "--bare", "-o", file).status == 0)
        let lines = try ledger.exportedLog().split(separator: "\n").map(String.init)
        try lines[20].write(toFile: entry, atomically: true, encoding: .utf8)
        try lines[21].write(toFile: another, atomically: true, encoding: .utf8)
        #expect(try Docket.binary.run("check", file, "--key", ledger.key).status == 2)
        #expect(try Docket.binary.run("check", file, "--key", ledger.key, "--entry", entry).status == 0)
        #expect(try Docket.binary.run("check", file, "--key", ledger.key, "--entry", another).status == 1)
    }

    @Test("without the signing key none is made, and the exit code is 2")
    func needsKey() throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        let other = try TestLedger()
        let wrong = try ledger.run("receipt", "20", "--cose", "--key-file", other.data + "/key")
        #expect(wrong.status == 2 && wrong.messages.contains("is not the key of this ledger"))
        try FileManager.default.removeItem(atPath: ledger.data + "/key")
        let none = try ledger.run("receipt", "20", "--cose")
        #expect(none.status == 2, "\(none.messages)")
        #expect(try ledger.run("receipt", "20").status == 0)
    }

    @Test(
        "pycose finds the log's signature over the root to which the path leads, and over no other",
        .enabled(if: Pycose.absence == nil, "pycose cannot be had: \(Pycose.absence ?? "")"))
    func pycose() throws {
        let ledger = try KnownHistory.ledger()
        let folder = try TemporaryDirectory()
        let entries = try ledger.exportedLog().split(separator: "\n").map { leafHash(Array($0.utf8)) }
        for sequence in [0, 20, entries.count - 1] {
            let file = try make(sequence, of: ledger, in: folder)
            let root = Self.root(entries[...])
            let result = try Pycose.check(file, key: ledger.key, root: root)
            try #require(result.status == 0, "\(result.messages)")
            let checked = try JSONDecoder().decode(Checked.self, from: Data(result.output.utf8))
            #expect(checked.valid && checked.structure == 1)
            #expect(checked.size == UInt64(entries.count) && checked.index == UInt64(sequence))
            #expect(checked.hashes == Self.path(sequence, entries[...]).map(\.hex))
            let other = try Pycose.check(file, key: ledger.key, root: entries[0])
            #expect(try JSONDecoder().decode(Checked.self, from: Data(other.output.utf8)).valid == false)
        }
    }

    private static func half(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }

    /// The root of RFC 6962, 2.1, as it is written there.
    private static func root(_ hashes: ArraySlice<Hash256>) -> Hash256 {
        guard hashes.count > 1 else { return hashes[hashes.startIndex] }
        let middle = hashes.startIndex + half(hashes.count)
        return nodeHash(root(hashes[..<middle]), root(hashes[middle...]))
    }

    /// The path of RFC 6962, 2.1.1, to the leaf at an index of the slice's base.
    private static func path(_ index: Int, _ hashes: ArraySlice<Hash256>) -> [Hash256] {
        guard hashes.count > 1 else { return [] }
        let middle = hashes.startIndex + half(hashes.count)
        let (left, right) = (hashes[..<middle], hashes[middle...])
        return index < middle ? path(index, left) + [root(right)] : path(index, right) + [root(left)]
    }
}
