import AgentKit
import JSON

/// The results of running tables.
struct LedgerTables {
    private(set) var passed = 0
    private(set) var total = 0
    /// Each failure with its file, and one line a file.
    private(set) var lines: [String] = []

    /// Runs every case of one file. A file that cannot be read, or holds no cases, counts as one that failed.
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

/// One object of a table. `null` is absent; nothing else is read as absent because it is of another kind.
struct TableRow {
    let view: View

    /// - Throws: where the value is no object.
    init(_ view: View) throws(TableError) {
        guard view.kind == .object else { throw TableError(pointer: view.pointer, message: "not an object") }
        self.view = view
    }

    private func field(_ name: StaticString) -> View? {
        view[name].flatMap { $0.isNull ? nil : $0 }
    }

    /// A text; nil where it is absent.
    func text(_ name: StaticString) throws(TableError) -> String? {
        guard let field = field(name) else { return nil }
        guard let text = field.string else { throw TableError(pointer: field.pointer, message: "not a string") }
        return text
    }

    /// An integer from 0 to 2^53 - 1, in any spelling of JSON; nil where it is absent.
    func number(_ name: StaticString) throws(TableError) -> Int64? {
        guard let field = field(name) else { return nil }
        guard let number = field.int, number >= 0 else {
            throw TableError(pointer: field.pointer, message: "not an integer from 0")
        }
        return number
    }

    /// `true` or `false`; nil where it is absent.
    func bool(_ name: StaticString) throws(TableError) -> Bool? {
        guard let field = field(name) else { return nil }
        guard let bool = field.bool else { throw TableError(pointer: field.pointer, message: "not true or false") }
        return bool
    }

    /// The elements of a list; nil where it is absent.
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

/// Something in a table that is not of the form that its `SOURCE.md` states, and where.
struct TableError: Error, CustomStringConvertible {
    /// RFC 6901 pointer into the file; empty for the whole of it.
    let pointer: String
    let message: String

    var description: String { pointer.isEmpty ? message : "at `\(pointer)`: \(message)" }
}
