import AgentKit
import JSON
import Ledger
import TestSupport
import Testing

@Suite("LedgerConformance")
struct LedgerConformance {
    @Test("every case of the ledger's tables gives the result the table says")
    func allTables() throws {
        let files = Vectors.files(in: "ledger", suffix: ".json")
        var passed = 0
        var total = 0
        for path in files {
            let name = String(path.split(separator: "/").last ?? "")
            let bytes = try #require(Vectors.file("ledger/" + name))
            let table = try Document.parse(bytes).root
            var failures: [String] = []
            var count = 0
            table["tests"]?.forEachElement { test in
                count += 1
                var run = LedgerRun()
                if let failure = run.failure(of: test) { failures.append("\(test.text("name")): \(failure)") }
            }
            table["cases"]?.forEachElement { test in
                count += 1
                if let failure = AllotmentCase.failure(of: test) {
                    failures.append("\(test.text("name")): \(failure)")
                }
            }
            for failure in failures { print("failed: \(name): \(failure)") }
            print("\(name): \(count - failures.count)/\(count)")
            passed += count - failures.count
            total += count
        }
        if !files.isEmpty { print("ledger conformance: \(passed)/\(total)") }
        #expect(passed == total)
    }
}
