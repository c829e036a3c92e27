import Audit
import Testing
import TransparencyLog

@Suite("verifying names what bad entries touch")
struct VerifyTouchedTests {
    static let payment = """
        {"purpose":"fine","reference":"COMP-1:sub","transfers":[{"amount":39,"creditAccount":"platform/fines/PKR",\
        "currency":"PKR","debitAccount":"franchise/F-1/PKR"},{"amount":1,"creditAccount":"wallet/U-ali/PKR",\
        "currency":"PKR","debitAccount":"franchise/F-1/PKR"}]}
        """
    static let fine = """
        {"fineId":"COMP-1:sub","harmedId":"U-zara","party":"franchise","partyId":"F-1"}
        """
    static let level = """
        {"level":"vip","party":"user","partyId":"U-vip","userId":"U-sana"}
        """

    /// Entry 1 causes 2 and 3, the timer 4 fires because of 3 and causes 5; the trigger 6 stands alone.
    static func lines() -> [[UInt8]] {
        VerifySample.cascade { i, members in
            switch i {
            case 2: members.with(["data": payment])
            case 5: members.with(["data": fine])
            case 6: members.with(["data": level])
            default: members
            }
        }
    }

    func run(_ change: (inout [[UInt8]]) -> Void, _ kind: String = "export") async throws -> VerifyResult {
        let sample = try VerifySample(count: 1)
        sample.lines = Self.lines()
        sample.note = VerifySample.sign(sample.lines, sample.signer)
        var lines = sample.lines
        change(&lines)
        return try await sample.verifier().run(try sample.input(kind, lines))
    }

    @Test("by its own data", arguments: ["export", "log", "tiles"])
    func own(_ kind: String) async throws {
        let result = try await run({ $0[6] = edited($0[6], "vip", "free") }, kind)
        #expect(result.bad.map(\.sequence) == [6])
        #expect(result.touched.accounts.isEmpty)
        #expect(result.touched.fines.isEmpty)
        #expect(result.touched.users == ["U-sana", "U-vip"])
    }

    @Test("by what it caused, over timers, and not by what it did not cause")
    func caused() async throws {
        let result = try await run { $0[1] = edited($0[1], "order.placed", "order.stored") }
        #expect(result.touched.accounts == ["franchise/F-1/PKR", "platform/fines/PKR", "wallet/U-ali/PKR"])
        #expect(result.touched.fines == ["COMP-1:sub"])
        #expect(result.touched.users == ["U-ali", "U-zara"])
        let later = try await run { $0[3] = edited($0[3], "it is so", "it is not") }
        #expect(later.touched.accounts.isEmpty)
        #expect(later.touched.users == ["U-zara"])
    }

    @Test("in JSON and in words")
    func shown() async throws {
        let result = try await run { $0[2] = edited($0[2], "\"amount\":39", "\"amount\":38") }
        let json = """
            "touched":{"accounts":["franchise/F-1/PKR","platform/fines/PKR","wallet/U-ali/PKR"],\
            "fines":["COMP-1:sub"],"users":["U-ali"]}
            """
        #expect(result.json.contains(json))
        #expect(result.text.contains("  fines touched: COMP-1:sub\n"))
        #expect(result.text.contains("  accounts touched: franchise/F-1/PKR, platform/fines/PKR, wallet/U-ali/PKR\n"))
        #expect(try await run { _ in }.json.contains("\"touched\":{\"accounts\":[],\"fines\":[],\"users\":[]}"))
    }

    @Test("an entry that is not JSON touches what it caused")
    func unreadable() async throws {
        let result = try await run { $0[4] = Array("hello".utf8) }
        #expect(result.touched.users == ["U-zara"])
    }
}
