import TestSupport
import Testing

@Suite("LedgerConformance")
struct LedgerConformance {
    @Test("every case of the ledger's tables gives the result the table says")
    func allTables() throws {
        let files = Vectors.files(in: "ledger", suffix: ".json")
        var tables = LedgerTables()
        for path in files {
            let name = String(path.split(separator: "/").last ?? "")
            tables.run(name, Vectors.file("ledger/" + name))
        }
        for line in tables.lines { print(line) }
        if !files.isEmpty { print("ledger conformance: \(tables.passed)/\(tables.total)") }
        #expect(tables.passed == tables.total)
    }
}

@Suite("ledger tables")
struct LedgerTablesTests {
    @Test(
        "a table that is not of the form fails where it is not, and the others still count",
        arguments: [
            (#"{"tests":[{"name":"a","steps":[]}"#, "byte 33"), ("", "byte 0"), (#"{"name":"a"}"#, "neither"),
            (#"{"tests":{}}"#, "/tests`: not a list"), (#"{"cases":[1]}"#, "/cases/0`: not an object"),
            (#"{"tests":[{"name":"a"}]}"#, "no steps"),
            (#"{"tests":[{"steps":[{"op":"look"}]}]}"#, "step 0: unknown step `look`"),
            (#"{"tests":[{"steps":[{"op":"tick","seconds":"1"}]}]}"#, "/tests/0/steps/0/seconds`: not an integer"),
            (#"{"tests":[{"steps":[{"op":"createTransfer","amount":1.5}]}]}"#, "amount`: not an integer"),
            (#"{"tests":[{"steps":[{"op":"createTransfer","amount":-1}]}]}"#, "amount`: not an integer"),
            (#"{"tests":[{"steps":[{"op":"createTransfer","flags":["void"]}]}]}"#, "flags/0`: no such flag"),
            (#"{"tests":[{"steps":[{"op":"createAccount","ledger":"P-K"}]}]}"#, "ledger`: no currency"),
            (#"{"tests":[{"steps":[{"op":"createAccount","id":"A1"}]}]}"#, "rows after the last commit"),
            (#"{"tests":[{"steps":[{"op":"expectAccount","id":"A1"}]}]}"#, "no account A1"),
            (#"{"cases":[{"amount":1,"shares":[true],"expect":[1]}]}"#, "shares/0`: no share"),
            (#"{"cases":[{"amount":1,"shares":[10000],"expect":[1.5]}]}"#, "expect/0`: not an integer"),
            (#"{"cases":[{"amount":1,"shares":[10000]}]}"#, "expect"),
        ])
    func malformed(text: String, place: String) throws {
        var tables = LedgerTables()
        tables.run("bad.json", Array(text.utf8))
        tables.run("good.json", Array(#"{"cases":[{"amount":1e1,"shares":[10000.0],"expect":[10]}]}"#.utf8))
        #expect(tables.passed == 1)
        #expect(tables.total == 2)
        let failure = try #require(tables.lines.first)
        #expect(failure.hasPrefix("failed: bad.json: "))
        #expect(failure.contains(place))
        #expect(tables.lines.suffix(2) == ["bad.json: 0/1", "good.json: 1/1"])
    }
}
