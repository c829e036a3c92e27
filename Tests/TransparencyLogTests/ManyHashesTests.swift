import TestSupport
import Testing
import TransparencyLog

@Suite("hashes of many messages at once", .ownThreads)
struct ManyHashesTests {
    static let ways = ManyHashes.Way.allCases.filter(\.isPossible)

    /// The hashes of messages, in one call.
    func hashes(_ messages: [[UInt8]], after prefix: UInt8?, _ way: ManyHashes.Way) -> [Hash256] {
        let bytes = messages.flatMap { $0 }
        return bytes.withUnsafeBytes { bytes in
            var start = 0
            let list = messages.map { message in
                defer { start += message.count }
                return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + message.count)])
            }
            return list.withUnsafeBufferPointer { list in
                [Hash256](unsafeUninitializedCapacity: list.count) { hashes, count in
                    ManyHashes.hash(list, after: prefix, into: hashes, way: way)
                    count = list.count
                }
            }
        }
    }

    func message(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    func expectSame(_ messages: [[UInt8]], _ way: ManyHashes.Way, _ prefix: UInt8?) {
        let expected = messages.map { sha256((prefix.map { [$0] } ?? []) + $0) }
        #expect(hashes(messages, after: prefix, way) == expected, "\(way), \(messages.map(\.count))")
    }

    @Test("every length up to 300 bytes gives libcrypto's hash, in batches of any size", arguments: ways)
    func lengths(_ way: ManyHashes.Way) {
        var random = SeededGenerator.announced()
        let messages = (0...300).map { message($0, &random) }
        for prefix in [nil, 0, 1] as [UInt8?] {
            expectSame(messages, way, prefix)
            expectSame(messages.reversed(), way, prefix)
            for size in 0...37 { expectSame(Array(messages[(size * 7)..<(size * 8)]), way, prefix) }
        }
    }

    @Test("messages of up to 5,000 bytes beside each other give libcrypto's hashes", arguments: ways)
    func random(_ way: ManyHashes.Way) {
        var random = SeededGenerator.announced()
        let ends = [55, 56, 57, 63, 64, 65, 118, 119, 120, 127, 128, 129]
        for size in stride(from: 0, through: 100, by: 9) {
            let messages = (0..<size).map { _ in
                let count = random.once(in: 3) ? ends[random.below(ends.count)] : random.below(5_001)
                return message(count, &random)
            }
            expectSame(messages, way, random.once(in: 2) ? 0 : nil)
        }
    }

    @Test("the published examples of SHA-256 are met", arguments: ways)
    func published(_ way: ManyHashes.Way) {
        let long =
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
            + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
        let examples: [(String, String)] = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ), (long, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ]
        let found = hashes(examples.map { Array($0.0.utf8) }, after: nil, way).map(\.hex)
        #expect(found == examples.map(\.1))
    }

    @Test("nodes of a level are hashed as each alone", arguments: ways)
    func nodes(_ way: ManyHashes.Way) {
        var random = SeededGenerator.announced()
        for count in 0...70 {
            let subtrees = (0..<(2 * count)).map { _ in sha256(message(9, &random)) }
            let expected = (0..<count).map { nodeHash(subtrees[2 * $0], subtrees[2 * $0 + 1]) }
            let found = subtrees.withUnsafeBufferPointer { subtrees in
                [Hash256](unsafeUninitializedCapacity: count) { hashes, made in
                    ManyHashes.nodes(subtrees, into: hashes, way: way)
                    made = count
                }
            }
            #expect(found == expected)
            #expect(ManyHashes.nodes(subtrees) == expected)
        }
    }
}
