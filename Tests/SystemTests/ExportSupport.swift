import Foundation
import TestSupport
import Testing

/// Programs that exports are made for.
enum OtherProgram {
    static func isInstalled(_ name: String) -> Bool {
        ["/usr/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
    }

    @discardableResult
    static func run(_ arguments: String..., in directory: String = Docket.package) throws -> Docket.Result {
        try Docket(path: "/usr/bin/env").run(arguments, in: directory)
    }
}

/// An SQLite export, read by SQLite's own program.
struct SQLiteFile {
    let path: String

    /// The rows of a query, columns separated by `|`.
    func rows(_ query: String) throws -> [String] {
        let result = try OtherProgram.run("sqlite3", "-batch", path, query)
        try #require(result.status == 0, "\(query): \(result.messages)")
        return result.lines
    }

    func value(_ query: String) throws -> String { try rows(query).joined(separator: "\n") }

    static let tables = [
        "entries", "transfers", "balances", "orders", "complaints", "fines", "users", "franchises", "history",
    ]

    /// Every row of every table, in the order of the keys, and what the full-text index finds.
    func everything() throws -> [String] {
        try Self.tables.flatMap { try ["= \($0)"] + rows("SELECT * FROM \($0) ORDER BY 1, 2, 3") }
            + rows("SELECT rowid FROM entries_search WHERE entries_search MATCH 'the OR fined OR wallet' ORDER BY 1")
            + rows("SELECT * FROM meta ORDER BY 1")
    }
}

/// Ledgers for exports.
enum ExportLedger {
    /// One with a month of a marketplace, shared by tests that only read it.
    static func month() throws -> TestLedger { try made.get() }

    nonisolated(unsafe) private static let made: Result<TestLedger, any Error> = Result {
        let ledger = try TestLedger()
        let result = try ledger.run("run", Docket.package + "/fixtures/month.ndjson")
        try #require(result.status == 0, "\(result.messages)")
        return ledger
    }

    /// One that has played the first lines of the known history, and the others.
    static func begun(lines count: Int = 15) throws -> (ledger: TestLedger, rest: String) {
        let text = try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0 + "\n" }
        let ledger = try TestLedger()
        try append(lines.prefix(count).joined(), to: ledger)
        return (ledger, lines.dropFirst(count).joined())
    }

    static func append(_ events: String, to ledger: TestLedger) throws {
        let result = try ledger.run("run", "-", input: events)
        try #require(result.status == 0, "\(result.messages)\(result.output)")
    }

    /// An event with data, in a line.
    static func event(_ id: String, _ type: String, at time: String, _ data: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/tests","type":"\#(type)","time":"\#(time)","data":\#(data)}"#
            + "\n"
    }
}
