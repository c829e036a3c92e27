import AgentKit
import Rules
import Testing

/// Readings of reducers, held against the declarations of a rule set.
@Suite("members that reducers read")
struct ReadingCheckTests {
    private static let readings = [
        AgentReadings(
            reader: "wallet",
            readings: [
                EventReading(
                    "gift.made",
                    [
                        .init("giftId", .text), .init("amount", .integer), .init("note", .text, isOptional: true),
                        .init("place", .record), .init("place.lat", .decimal), .init("lines", .records),
                        .init("lines[].sku", .text), .init("flags", .texts, isOptional: true), .init("marks", .map),
                        .init("until", .moment), .init("isOpen", .flag),
                    ])
            ])
    ]

    private static let members = [
        ("giftId", "string"), ("amount", "int"), ("note", "optional string"), ("place", "{lat: double, lon: double}"),
        ("lines", "[{sku: a|b, count: int}]"), ("flags", "optional [string]"), ("marks", "{string: bool}"),
        ("until", "timestamp"), ("isOpen", "bool"),
    ]

    private func problems(_ members: [(String, String)], type: String = "gift.made") -> String {
        let host = Fixture().host
        let data = members.map { "      \($0.0): '\($0.1)'" }.joined(separator: "\n")
        let text = """
            agent: wallet
            version: 1.0.0
            decisions:
              \(type):
                data:
            \(data)
            """
        do throws(RuleSetError) {
            _ = try RuleSet.load(
                files: [RuleFile(name: "wallet.yaml", text: text)],
                host: RuleHost(
                    projections: host.projections, functions: host.functions, agents: host.agents,
                    readings: Self.readings, digest: host.digest))
            return ""
        } catch {
            return error.description
        }
    }

    @Test("that are declared as they are read keep no rule set from being used, nor do types that it does not declare")
    func alike() {
        #expect(problems(Self.members) == "")
        #expect(problems(Self.members + [("more", "string")]) == "")
        #expect(problems([("giftId", "int")], type: "gift.lost") == "")
    }

    @Test("refuse a rule set that no longer declares them", arguments: members.map(\.0))
    func gone(name: String) {
        let found = problems(Self.members.filter { $0.0 != name })
        let problem = "`gift.made` no longer declares `\(name)`, which the wallet's reducer reads"
        #expect(found.hasPrefix("wallet.yaml:5:5: " + problem), "\(found)")
    }

    @Test(
        "refuse a rule set that declares them as something else",
        arguments: [
            ("giftId", "int", "as `int`, which the wallet's reducer reads as `string`"),
            ("amount", "string", "as `string`, which the wallet's reducer reads as `int`"),
            ("amount", "optional int", "as optional, and the wallet's reducer reads it in every event"),
            ("place", "{lon: double}", "no longer declares `lat`"), ("place", "string", "reads as a record"),
            ("lines", "[{count: int}]", "no longer declares `sku`"),
            ("lines", "[{sku: int}]", "declares `sku` as `int`"), ("flags", "string", "reads as `[string]`"),
            ("marks", "[string]", "reads as a map"), ("until", "string", "reads as `timestamp`"),
            ("isOpen", "string", "reads as `bool`"),
        ])
    func other(name: String, type: String, problem: String) {
        let found = problems(Self.members.map { $0.0 == name ? (name, type) : $0 })
        #expect(found.contains(problem) && found.hasPrefix("wallet.yaml:"), "\(found)")
    }

    @Test("may be optional where the reader knows that they can be absent, and need not be")
    func optional() {
        #expect(problems(Self.members.map { $0.0 == "note" ? ("note", "string") : $0 }) == "")
        #expect(problems(Self.members.map { $0.0 == "flags" ? ("flags", "[string]") : $0 }) == "")
    }
}
