import Foundation
import TestSupport
import Testing

@Suite("The same history gives the same bytes", .ownThreads)
struct DeterminismTests {
    private static let fixture = Docket.package + "/fixtures/known-history.ndjson"

    /// The log that the fixture leads to, and its checkpoint without the way it was committed.
    private func run(_ docket: Docket) throws -> (log: String, checkpoint: String) {
        let ledger = try TestLedger(docket, isFixed: true)
        let result = try ledger.run("run", Self.fixture)
        try #require(result.status == 0, "\(result.messages)\(result.output)")
        return (try ledger.exportedLog(), try ledger.exportedCheckpoint())
    }

    @Test("two processes write the same log and sign the same checkpoint")
    func twice() throws {
        let first = try run(.binary), second = try run(.binary)
        #expect(first.log.utf8.count > 10_000)
        #expect(first == second)
    }

    @Test("the service writes what `run` writes, and `run` goes on where the service stopped")
    func serviceAndRun() throws {
        let expected = try run(.binary)
        let ledger = try TestLedger(isFixed: true)
        let lines = try String(contentsOfFile: Self.fixture, encoding: .utf8).split(separator: "\n").map(String.init)
        try ledger.startService()
        let sent = try ledger.send("append", "-", input: lines[..<12].joined(separator: "\n"))
        #expect(sent.status == 0, "\(sent.messages)")
        #expect(try ledger.stopService() == 0)
        let rest = try ledger.run("run", "-", input: lines[12...].joined(separator: "\n"))
        #expect(rest.status == 0, "\(rest.messages)")
        #expect(try ledger.exportedLog() == expected.log)
    }

    @Test("a release build writes the bytes that a debug build writes")
    func releaseBuild() throws {
        guard let path = ProcessInfo.processInfo.environment["DOCKET_RELEASE_BINARY"], !path.isEmpty else {
            print("skipped: DOCKET_RELEASE_BINARY names no release build")
            return
        }
        let debug = try run(.binary), release = try run(Docket(path: path))
        #expect(debug == release)
    }
}
