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
