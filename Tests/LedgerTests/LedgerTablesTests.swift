import AgentKit
import JSON
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

/// The results of the tables that were run.
struct LedgerTables {
    private(set) var passed = 0
    private(set) var total = 0
    /// A line for each failure with its file, and one for each file.
    private(set) var lines: [String] = []

    /// Runs every case of one file. A file that cannot be read, or has no cases, counts as one failed case.
    mutating func run(_ name: String, _ bytes: [UInt8]?) {
        var failures: [String] = []
        var count = 0
        do {
            guard let bytes else { throw TableError(pointer: "", message: "cannot be read") }
            let table = try TableRow(try Document.parse(bytes).root)
            let tests = try table.list("tests")
            let cases = try table.list("cases")
            if tests == nil, cases == nil { throw TableError(pointer: "", message: "neither `tests` nor `cases`") }
            count = (tests?.count ?? 0) + (cases?.count ?? 0)
            failures += Self.failures(tests ?? []) { test throws(TableError) in
                var run = LedgerRun()
                return try run.failure(of: test)
            }
            failures += Self.failures(cases ?? [], AllotmentCase.failure)
        } catch {
            count = 1
            failures = ["\(error)"]
        }
        lines += failures.map { "failed: \(name): \($0)" }
        lines.append("\(name): \(count - failures.count)/\(count)")
        passed += count - failures.count
        total += count
    }

    private static func failures(
        _ views: [View], _ failure: (TableRow) throws(TableError) -> String?
    ) -> [String] {
        views.enumerated().compactMap { index, view in
            let name = view["name"]?.string ?? "\(index)"
            do throws(TableError) {
                return try failure(TableRow(view)).map { "\(name): \($0)" }
            } catch {
                return "\(name): \(error)"
            }
        }
    }
}

/// One object of a table. A member that is `null` reads as absent; one of the wrong kind is an error.
struct TableRow {
    let view: View

    /// - Throws: `TableError` where the value is not an object.
    init(_ view: View) throws(TableError) {
        guard view.kind == .object else { throw TableError(pointer: view.pointer, message: "not an object") }
        self.view = view
    }

    private func field(_ name: StaticString) -> View? {
        view[name].flatMap { $0.isNull ? nil : $0 }
    }

    /// The text of a member; nil where it is absent.
    func text(_ name: StaticString) throws(TableError) -> String? {
        guard let field = field(name) else { return nil }
        guard let text = field.string else { throw TableError(pointer: field.pointer, message: "not a string") }
        return text
    }

    /// The integer of a member, 0 to 2^53 - 1 in any spelling of JSON; nil where it is absent.
    func number(_ name: StaticString) throws(TableError) -> Int64? {
        guard let field = field(name) else { return nil }
        guard let number = field.int, number >= 0 else {
            throw TableError(pointer: field.pointer, message: "not an integer from 0")
        }
        return number
    }

    /// The boolean of a member; nil where it is absent.
    func bool(_ name: StaticString) throws(TableError) -> Bool? {
        guard let field = field(name) else { return nil }
        guard let bool = field.bool else { throw TableError(pointer: field.pointer, message: "not true or false") }
        return bool
    }

    /// The elements of a list member; nil where it is absent.
    func list(_ name: StaticString) throws(TableError) -> [View]? {
        guard let field = field(name) else { return nil }
        guard field.kind == .array else { throw TableError(pointer: field.pointer, message: "not a list") }
        return Array(field.children)
    }

    /// The sum of the named flags; nil where there is no list.
    func flags<Flags: OptionSet>(_ named: (String) -> Flags?) throws(TableError) -> Flags? {
        guard let list = try list("flags") else { return nil }
        var flags: Flags = []
        for name in list {
            guard let flag = name.string.flatMap(named) else {
                throw TableError(pointer: name.pointer, message: "no such flag")
            }
            flags.formUnion(flag)
        }
        return flags
    }
}

/// A place in a table that is not of the form stated by its `SOURCE.md`.
struct TableError: Error, CustomStringConvertible {
    /// An RFC 6901 pointer into the file; empty for the whole file.
    let pointer: String
    let message: String

    var description: String { pointer.isEmpty ? message : "at `\(pointer)`: \(message)" }
}
