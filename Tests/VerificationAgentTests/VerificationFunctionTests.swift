import EngineTestSupport
import Testing

@Suite("what verification offers to rules")
struct VerificationFunctionTests {
    static let rules = [
        "verification.yaml": """
        agent: verification
        version: 1.0.0
        triggers:
          test.measured: {figure: double}
          test.asked: {}
        decisions:
          test.converted: {millionths: int}
          test.named: {roles: "[string]"}
        rules:
          - id: convert
            on: test.measured
            emit:
              - {test.converted: '{"millionths": millionths(data.figure)}'}
          - id: name
            on: test.asked
            emit:
              - {test.named: '{"roles": principals[?event.?authid.orValue("")].?roles.orValue([])}'}
        """
    ]

    @Test(
        "decimals become integers of a millionth from their digits, half up",
        arguments: [
            ("4.5", "4500000"), ("0.92", "920000"), ("4", "4000000"), ("0", "0"), ("0.0000005", "1"),
            ("0.00000049", "0"), ("1.0000015", "1000002"), ("-0.0000005", "0"), ("-0.0000006", "-1"), ("5e-324", "0"),
            ("1.23e-5", "12"), ("1.25e-5", "13"), ("0.1234565", "123457"), ("8999999999.5", "8999999999500000"),
        ])
    func millionths(figure: String, expected: String) throws {
        let lines = try Bench(Self.rules).send("test.measured", #"{"figure":\#(figure)}"#)
        #expect(lines.last?.data == #"{"millionths":\#(expected)}"#)
    }

    @Test("a number whose millionths are beyond 64 bits fails the rule", arguments: ["1e13", "9007199254740991"])
    func tooLarge(figure: String) throws {
        let lines = try Bench(Self.rules).send("test.measured", #"{"figure":\#(figure)}"#)
        #expect(lines.types == ["test.measured", "agent.failed", "alert.raised"])
    }

    @Test("rules know the roles that the policy gives to a name")
    func policyRoles() throws {
        var rules = Self.rules
        rules["policy.yaml"] = """
            roles:
              admin: {events: ["*"]}
              verifier: {events: ["test.*"]}
            principals: {local: [verifier, admin]}
            """
        #expect(try Bench(rules).send("test.asked", "{}").last?.data == #"{"roles":["verifier","admin"]}"#)
        rules["policy.yaml"] = "roles: {admin: {events: [\"*\"]}}\nprincipals: {omar: [admin]}\n"
        #expect(try Bench(rules).send("test.asked", "{}").last?.data == #"{"roles":[]}"#)
    }
}
