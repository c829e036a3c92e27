import Sodium
import Testing
import TransparencyLog

@Suite("witness policies")
struct PolicyTests {
    static func key(_ name: String, _ seed: UInt8, _ kind: VerifierKey.Kind = .cosignature) -> VerifierKey {
        let key = try! SigningKey(seed: [UInt8](repeating: seed, count: 32))
        return try! VerifierKey(name: name, kind: kind, publicKey: key.publicKey)
    }

    let log = key("log.example/a", 1, .ed25519)
    let keys = (0..<6).map { PolicyTests.key("w\($0).example", 10 + UInt8($0)) }

    private func policy(_ lines: String) -> (WitnessPolicy?, PolicyError?) {
        do throws(PolicyError) { return (try WitnessPolicy(Array(lines.utf8)), nil) } catch { return (nil, error) }
    }

    private var example: String {
        let witnesses = zip(["X1", "X2", "X3", "Y1", "Y2", "Y3"], keys).map { "witness \($0) \($1)\n" }
        return """
            # the example of the specification
            log \(log)\t https://log.example/a
            \(witnesses[..<3].joined())
            \t group X-witnesses 2 X1 X2 X3
            \(witnesses[3...].joined())
            group Y-witnesses any Y1 Y2 Y3
            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y

            """
    }

    @Test("the specification's example asks for two of one group and any of the other")
    func quorum() throws {
        let policy = try #require(policy(example).0)
        #expect(policy.logs == [log] && policy.witnesses.map(\.key) == keys)
        for mask in 0..<64 {
            let cosigners = (0..<6).filter { mask >> $0 & 1 == 1 }.map { keys[$0] }
            let expected = (mask & 7).nonzeroBitCount >= 2 && mask >> 3 != 0
            #expect(policy.isMet(by: cosigners) == expected)
            #expect(policy.isMet(by: cosigners + cosigners + [log]) == expected)
        }
        #expect(policy.refuses(log) == nil)
        #expect(policy.refuses(Self.key("log.example/a", 3, .ed25519)) != nil)
    }

    @Test("`none` asks for nobody, and a witness's name for that one")
    func simple() throws {
        #expect(policy("quorum none\n").0?.isMet(by: []) == true)
        let one = try #require(policy("witness a \(keys[0]) unix:/run/a\nwitness b \(keys[1])\nquorum b").1)
        #expect(one.line == 3)
        let other = try #require(policy("witness a \(keys[0]) unix:/run/a\nwitness b \(keys[1])\nquorum b\n").0)
        #expect(other.witnesses.map(\.url) == ["unix:/run/a", nil])
        #expect(!other.isMet(by: [keys[0]]) && other.isMet(by: [keys[1]]))
        #expect(other.refuses(keys[5]) == nil && other.refuses(log) == nil)
        let every = try WitnessPolicy(all: Array(keys[..<2]))
        #expect(!every.isMet(by: [keys[0]]) && every.isMet(by: [keys[1], keys[0]]))
        #expect(throws: NoteError.self) { try WitnessPolicy(all: [keys[0], keys[0]]) }
        #expect(throws: NoteError.self) { try WitnessPolicy(all: [log]) }
    }

    @Test("what is wrong is refused with its line")
    func errors() throws {
        let w = "witness a \(keys[0])\nwitness b \(keys[1])\n"
        let node = Self.key("log.example/a/node/n1", 30)
        let cases: [(String, Int, String)] = [
            ("", 1, "no line `quorum"), (w, 3, "no line `quorum"),
            (w + "quorum c\n", 3, "`c` is not defined"), (w + "quorum a\nquorum b\n", 4, "a quorum already"),
            ("quorum a\n" + w, 1, "not defined"), (w + "group g 3 a b\nquorum g\n", 3, "from 1 to 2"),
            (w + "group g 0 a b\nquorum g\n", 3, "from 1 to 2"), (w + "group g 01 a b\nquorum g\n", 3, "from 1 to 2"),
            (w + "group g +1 a b\nquorum g\n", 3, "from 1 to 2"), (w + "group g some a b\n", 3, "`any` or `all`"),
            (w + "group g any\n", 3, "`group NAME"), (w + "group g any a none\n", 3, "`none` is not defined"),
            (w + "group g all a a\n", 3, "a member of a group already"),
            (w + "group g all a\ngroup h all g a\n", 4, "a member of a group already"),
            (w + "group a any b\n", 3, "defined already"), (w + "group none any b\n", 3, "not a name"),
            (w + "group g any g\n", 3, "`g` is not defined"), ("witness a \(keys[0])\r\nquorum a\n", 1, "control"),
            ("witness a \(log)\n", 1, "a log's key"), ("log \(keys[0])\n", 1, "a witness's key"),
            ("witness a \(keys[0])x\n", 1, "base64"), ("witness a\n", 1, "`witness NAME"), ("log\n", 1, "`log VKEY"),
            ("witness a \(keys[0])\nwitness b \(Self.key("other", 10))\n", 2, "that of a witness before"),
            ("log \(log)\nlog \(Self.key("log.example/b", 1, .ed25519))\n", 2, "that of a log before"),
            ("log \(log)\nwitness a \(Self.key("w", 1))\n", 2, "the log's own key"),
            ("witness a \(Self.key("w", 1))\nlog \(log)\n", 2, "the log's own key"),
            ("log \(log)\nwitness a \(node)\n", 2, "one of the log's nodes"),
            ("quorum none\nquorom none\n", 2, "`quorom` is none of"), ("quorum none", 1, "line feed"),
            ("quorum none url\n", 1, "`quorum NAME`"), ("witness a \(keys[0]) u v\n", 1, "`witness NAME"),
        ]
        for (text, line, what) in cases {
            let error = try #require(policy(text).1, "\(text)")
            #expect(error.line == line && error.what.contains(what), "\(text): \(error)")
        }
        let long = [UInt8](repeating: 0x20, count: WitnessPolicy.bytesMax + 1)
        #expect(throws: PolicyError.self) { try WitnessPolicy(long) }
        // Comments are of any bytes; names that merely look alike are different.
        #expect((try? WitnessPolicy(Array("# ".utf8) + [0xFF, 0x0A] + Array("quorum none\n".utf8))) != nil)
        #expect(policy("witness K \(keys[0])\nquorum \u{212A}\n").1?.line == 2)
    }
}
