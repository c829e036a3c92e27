import Testing

/// A ledger that has the fixture's history, shared by tests that only read.
final class KnownHistory: Sendable {
    static let fixture = Docket.package + "/fixtures/known-history.ndjson"
    static let eventCount = 27

    nonisolated(unsafe) private static let made: Result<TestLedger, any Error> = Result {
        let ledger = try TestLedger()
        let result = try ledger.run("run", fixture)
        try #require(result.status == 0, "\(result.messages)\(result.output)")
        return ledger
    }

    /// The ledger; made by the first test that asks for it.
    static func ledger() throws -> TestLedger { try made.get() }
}
