import Foundation
import TestSupport
import Testing

@Suite("A month of a marketplace", .ownThreads)
struct MonthTests {
    private static let fixture = Docket.package + "/fixtures/month.ndjson"

    private func generate(_ arguments: String...) throws -> String {
        let result = try Docket.bench.run(["generate"] + arguments)
        try #require(result.status == 0, "\(result.messages)")
        return result.output
    }

    // MARK: The generator

    @Test("the same seed gives the same bytes, another seed others")
    func seeds() throws {
        let first = try generate("--seed", "3", "--users", "20", "--days", "3")
        #expect(try generate("--seed", "3", "--users", "20", "--days", "3") == first)
        #expect(try generate("--seed", "4", "--users", "20", "--days", "3") != first)
    }

    @Test("the fixture is what the generator writes")
    func fixture() throws {
        let file = try String(contentsOfFile: Self.fixture, encoding: .utf8)
        #expect(file.utf8.count < 1_000_000)
        #expect(try generate("--seed", "1", "--users", "20", "--days", "30") == file)
    }

    @Test("the fixture has a chargeback, cash, a late and a repeated payment, a clear case and a disputed service")
    func fixtureTells() throws {
        let ledger = try TestLedger()
        #expect(try ledger.run("run", Self.fixture).status == 0)
        func log(_ type: String) throws -> [String] { try ledger.run("log", "--json", "--type", type).lines }
        for type in ["dispute.closed", "cash.remittance.recorded"] { #expect(try !log(type).isEmpty, "no \(type)") }
        #expect(try log("payment.refused").contains { $0.contains(#""reason":"late""#) })
        #expect(try log("trigger.repeated").contains { $0.contains(#""type":"payment.authorized""#) })
        let closed = try log("complaint.closed")
        #expect(closed.contains { $0.contains(#""by":"table""#) })
        #expect(closed.contains { $0.contains(#""requestId":"#) })
    }

    @Test("the times of events never go back, and no id is given twice")
    func order() throws {
        struct Event: Decodable {
            let id: String, time: String
        }
        let lines = try generate("--seed", "5", "--users", "40", "--days", "20", "--quiet-days", "5").split(
            separator: "\n")
        let events = try lines.map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(Set(events.map(\.id)).count == events.count)
    }

    @Test("a fact or trigger of every type that producers send occurs")
    func types() throws {
        let month = try MonthLedger.first()
        for type in try Self.producedTypes() { #expect(month.count(type) > 0, "no \(type)") }
    }

    /// The types that rule files declare as facts and triggers.
    private static func producedTypes() throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(atPath: Docket.rules)
        let typeLine = /^  ([a-z.]+): .*/
        return try files.filter { $0.hasSuffix(".yaml") }.sorted().flatMap { file -> [String] in
            var isProduced = false
            var types: [String] = []
            for line in try String(contentsOfFile: Docket.rules + "/" + file, encoding: .utf8).split(separator: "\n") {
                if line.first != " " { isProduced = line.hasPrefix("facts:") || line.hasPrefix("triggers:") }
                if isProduced, let match = line.wholeMatch(of: typeLine) { types.append(String(match.1)) }
            }
            return types
        }
    }

    // MARK: What the ledger makes of it

    @Test("two processes write the same log and sign the same checkpoint")
    func twice() throws {
        let first = try MonthLedger.first(), second = try MonthLedger.second()
        #expect(first.entries.count > 10_000)
        #expect(first.log == second.log && first.checkpoint == second.checkpoint)
    }

    @Test("the balances of all accounts sum to zero in each currency")
    func balances() throws {
        let sums = try MonthLedger.first().accounts.filter { $0.id == nil }
        #expect(Set(sums.map(\.currency)).isSuperset(of: ["PKR", "USD", "EHBGC"]))
        #expect(sums.allSatisfy { $0.sum == 0 })
    }

    @Test("every order ends")
    func ordersEnd() throws {
        let month = try MonthLedger.first()
        let ended = month.subjects("order.settled", "order.refunded", "order.cancellation.accepted", "order.expired")
        let open = month.subjects("order.accepted").subtracting(ended)
        #expect(open.isEmpty, "\(open.sorted().prefix(10))")
        let partly = Set(
            month.entries.lazy.filter { $0.type == "complaint.closed" && $0.data.outcome == "partial" }
                .compactMap(\.data.orderId))
        #expect(partly.isSubset(of: month.subjects("order.settled")))
    }

    @Test("every complaint is closed")
    func complaintsClose() throws {
        let month = try MonthLedger.first()
        #expect(month.subjects("complaint.opened") == month.subjects("complaint.closed"))
    }

    @Test("every escrow empties")
    func escrowsEmpty() throws {
        let held = try MonthLedger.first().accounts.filter { account in
            account.id.map { $0.hasPrefix("escrow/") || $0.hasPrefix("service/") } ?? false
        }
        #expect(held.count > 100)
        let full = held.filter { $0.balance != 0 }
        #expect(full.isEmpty, "\(full.prefix(10))")
    }

    @Test("no rule fails and no cascade is given up")
    func nothingFails() throws {
        let month = try MonthLedger.first()
        #expect(month.count("agent.failed") == 0)
        #expect(month.count("deadletter.added") == 0)
        #expect(month.count("complaint.frozen") == 0)
    }

    @Test("most orders succeed, and what else the rules can decide happens too")
    func mix() throws {
        let month = try MonthLedger.first()
        let placed = month.count("order.placed"), settled = month.count("order.settled")
        #expect(settled * 10 > placed * 6 && settled < placed)
        let types = [
            "order.rejected", "order.refunded", "order.expired", "order.cancellation.accepted", "payment.refused",
            "fine.imposed", "complaint.escalated", "debt.collected", "level.changed", "verification.review.required",
            "access.denied", "ownership.changed", "settlement.issued", "service.suspended", "service.restored",
            "license.expired", "license.revoked", "withdrawal.blocked", "erasure.completed", "erasure.deferred",
            "recommendation.made", "compliance.reported", "report.issued", "bonus.granted", "dispute.opened",
            "dispute.closed", "cash.recorded", "cash.remittance.recorded", "suspense.recorded", "trigger.repeated",
            "payment.refund.closed",
        ]
        for type in types { #expect(month.count(type) > 0, "no \(type)") }
        let closed = month.entries.filter { $0.type == "complaint.closed" }
        #expect(closed.contains { $0.data.by == "table" })
        #expect(closed.contains { $0.data.requestId != nil && $0.data.outcome != "rejected" })
    }
}

/// A generated history played into a ledger, made once and shared by tests that only read.
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

    /// Arguments of the generator: as many people and days as a debug build plays in well under a minute, and 45 quiet
    /// days, after which every timer has fired.
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

    /// The subjects of entries of these types.
    func subjects(_ types: String...) -> Set<String> {
        Set(entries.lazy.filter { types.contains($0.type) }.compactMap(\.subject))
    }

    func count(_ type: String) -> Int { entries.count { $0.type == type } }
}

@Suite("The same history gives the same bytes", .ownThreads)
struct DeterminismTests {
    private static let fixture = Docket.package + "/fixtures/known-history.ndjson"

    /// The log that the fixture leads to, and its checkpoint.
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
