import Sodium
import TestSupport
import Testing

@Suite("hashes of sets")
struct SetHashTests {
    private static let key = [UInt8](0..<32)

    private func hash(_ name: String, _ content: String, kind: String = "k", key: [UInt8] = key) throws -> SetHash {
        let hasher = try RecordHasher(kind: kind, key: key)
        let (name, content) = (Array(name.utf8), Array(content.utf8))
        return name.withUnsafeBytes { name in content.withUnsafeBytes { hasher.hash(name, $0) } }
    }

    @Test("a record's hash is keyed BLAKE2b-256 over its parts with their lengths, read with the least byte first")
    func record() throws {
        let message = [1, 0, 0, 0] + Array("k".utf8) + [2, 0, 0, 0] + Array("abcd".utf8)
        #expect(try hash("ab", "cd").encoded == KeyedHash.blake2b(message, key: Self.key))
    }

    @Test("records that differ in any part, or only in where one ends and the next begins, differ")
    func framing() throws {
        let hashes = [
            try hash("ab", "cd"), try hash("abc", "d"), try hash("ab", "cd", kind: "ka"), try hash("ab", ""),
            try hash("", "abcd"), try hash("b", "cd", kind: "ka"),
            try hash("ab", "cd", key: [UInt8](repeating: 1, count: 32)),
        ]
        #expect(Set(hashes).count == hashes.count)
    }

    @Test("carries and borrows go through all lanes")
    func carry() throws {
        var sum = try SetHash([UInt8](repeating: 0xFF, count: 32))
        let one = try SetHash([1] + [UInt8](repeating: 0, count: 31))
        sum += one
        #expect(sum == SetHash())
        sum -= one
        #expect(sum.encoded == [UInt8](repeating: 0xFF, count: 32))
        #expect(throws: SodiumError.self) { try SetHash([1]) }
    }

    @Test("the order of comings and goings does not count, and what went leaves nothing")
    func order() throws {
        var random = SeededGenerator.announced()
        let records = try (0..<50).map { try hash("\($0)", "content \(random.int(in: 0...1000))") }
        var forwards = SetHash(), backwards = SetHash()
        for record in records { forwards += record }
        for record in records.reversed() { backwards += record }
        #expect(forwards == backwards)
        for record in records[10...].shuffled(using: &random) { forwards -= record }
        var few = SetHash()
        for record in records[..<10] { few += record }
        #expect(forwards == few)
        few += records[3]
        #expect(forwards != few)
    }
}
