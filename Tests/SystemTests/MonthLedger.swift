import Foundation
import Testing

/// A generated history in a ledger, and what became of it; made once and shared by tests that only read.
final class MonthLedger: Sendable {
    /// An entry of the log, as far as the tests look at it.
    struct Entry: Decodable {
        let sequence: String
        let type: String
        let subject: String?
        let data: Fields

        struct Fields: Decodable {
            let orderId: String?
            let complaintId: String?
            let outcome: String?
            let requestId: String?
            let by: String?
        }
    }

    /// A line of `docket accounts --json`: an account, or what all of a currency sum to.
    struct Account: Decodable {
        let id: String?
        let balance: Int?
        let currency: String
        let sum: Int?
    }

    /// As many people and days as a debug build plays in well under a minute; 45 days later every timer has run out.
    static let arguments = ["--seed", "8", "--users", "80", "--days", "40", "--quiet-days", "45"]

    let log: String
    let checkpoint: String
    let entries: [Entry]
    let accounts: [Account]

    private init() throws {
        let ledger = try TestLedger(isFixed: true)
        let generated = try Docket.bench.run(["generate"] + Self.arguments)
        try #require(generated.status == 0, "\(generated.messages)")
        let played = try ledger.run("run", "--json", "-", input: generated.output)
        try #require(played.status == 0, "\(played.messages)")
        log = try ledger.exportedLog()
        checkpoint = try ledger.exportedCheckpoint()
        let decoder = JSONDecoder()
        entries = try log.split(separator: "\n").map { try decoder.decode(Entry.self, from: Data($0.utf8)) }
        accounts = try ledger.run("accounts", "--json").lines
            .map { try decoder.decode(Account.self, from: Data($0.utf8)) }
    }

    private static let made: [Result<MonthLedger, any Error>] = {
        // Two processes at once, one a core.
        nonisolated(unsafe) var results: [Result<MonthLedger, any Error>?] = [nil, nil]
        let lock = NSLock()
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            let result = Result { try MonthLedger() }
            lock.withLock { results[index] = result }
        }
        return results.compactMap { $0 }
    }()

    /// The history played by one process.
    static func first() throws -> MonthLedger { try made[0].get() }

    /// The same history played by another.
    static func second() throws -> MonthLedger { try made[1].get() }

    /// What entries of these types are about.
    func subjects(_ types: String...) -> Set<String> {
        Set(entries.lazy.filter { types.contains($0.type) }.compactMap(\.subject))
    }

    func count(_ type: String) -> Int { entries.count { $0.type == type } }
}
