import JSON

/// What running tables gave.
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
