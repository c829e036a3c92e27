import AgentKit
import Audit
import Engine
import EventLog
import JSON
import Rules
import Testing

@Suite("a replay")
struct ReplayTests {
    let ledger: ScratchLedger

    init() throws { ledger = try ScratchLedger.known }

    func status(_ replay: Replay) throws -> String? {
        guard let record = replay.record("complaints", "COMP-001") else { return nil }
        return try Document(adopting: record).root["tier"]?.string
    }

    @Test("up to a sequence has what was known then")
    func sequence() throws {
        let escalated = try ledger.sequences(of: "complaint.escalated")
        let replay = try Replay(ledger.log)
        try replay.fold(to: .sequence(escalated[0] - 1))
        #expect(try status(replay) == "sub")
        try replay.fold(to: .sequence(escalated[0]))
        #expect(try status(replay) == "master")
        #expect(replay.position == escalated[0] + 1)
        try replay.fold()
        #expect(try status(replay) == "corporate")
        #expect(replay.position == ledger.log.size)
    }

    @Test("up to a time has every entry recorded by then")
    func time() throws {
        let replay = try Replay(ledger.log)
        try replay.fold(to: Moment.time("2024-02-16T15:59:59.999Z"))
        #expect(try status(replay) == "sub")
        try replay.fold(to: Moment.time("2024-02-16T16:00:00.000Z"))
        #expect(try status(replay) == "master")
    }

    @Test("does not go backwards")
    func backwards() throws {
        let replay = try Replay(ledger.log)
        try replay.fold()
        let error = #expect(throws: ReplayError.self) { try replay.fold(to: .sequence(3)) }
        #expect(error?.code == .past)
    }

    @Test("to a moment outside the log is refused")
    func outside() throws {
        let replay = try Replay(ledger.log)
        let late = #expect(throws: ReplayError.self) { try replay.fold(to: .sequence(ledger.log.size)) }
        #expect(late?.code == .outOfRange)
        let early = #expect(throws: ReplayError.self) { try replay.fold(to: Moment("2020-01-01T00:00:00Z")) }
        #expect(early?.code == .outOfRange)
    }

    @Test("has every record as the machine that appended it has")
    func records() throws {
        let replay = try Replay(ledger.log)
        try replay.fold()
        var count = 0
        for projection in replay.projections {
            replay.records(of: projection) { key, json in
                #expect(ledger.machine.record(projection, key) == json)
                #expect(replay.record(projection, key) == json)
                #expect(isCanonical(json))
                count += 1
                return true
            }
        }
        #expect(count > 20)
        #expect(replay.projections.contains("orders"))
        #expect(!replay.records(of: "nothing") { _, _ in true })
        #expect(replay.record("orders", "ORD-404") == nil)
    }

    @Test("finds that all balances of a currency sum to zero")
    func sums() throws {
        let replay = try Replay(ledger.log)
        try replay.fold()
        let sums = replay.balanceSums()
        #expect(sums.map(\.currency).contains("PKR"))
        #expect(sums.allSatisfy { $0.sum == 0 })
        #expect(sums.first { $0.currency == "PKR" }?.debits ?? 0 > 0)
    }

    @Test("lists accounts in order of their paths, of one currency where asked")
    func accounts() throws {
        let replay = try Replay(ledger.log)
        try replay.fold()
        var ids: [String] = []
        replay.accounts(currency: "PKR") { line in
            ids.append(line.id)
            #expect(line.currency == "PKR")
            return true
        }
        #expect(ids == ids.sorted())
        #expect(ids.contains("wallet/U-ali/PKR"))
        #expect(replay.account("wallet/U-ali/PKR")?.balance == 258_373)
        #expect(replay.account("wallet/U-nobody/PKR") == nil)
    }
}

@Suite("the transfers of an account")
struct TransferHistoryTests {
    @Test("are those of the log, with the balance after each, and end at its balance")
    func wallet() throws {
        let ledger = try ScratchLedger.known
        var lines: [TransferLine] = []
        try TransferHistory.scan(ledger.log, account: "wallet/U-ali/PKR") { line in
            lines.append(line)
            return true
        }
        #expect(lines.map(\.amount) == [100_000, 150_000, 199_900, 199_900, 1999, 2999, 3375])
        #expect(lines.map(\.balance) == [100_000, 250_000, 50_100, 250_000, 251_999, 254_998, 258_373])
        #expect(
            lines.map(\.purpose) == ["deposit", "deposit", "escrow.hold", "escrow.refund", "debt", "debt", "debt"])
        #expect(lines.allSatisfy { $0.effect == .posted })
        #expect(lines.allSatisfy { isCanonical($0.json) })
    }

    @Test("that were set aside are shown when they are held, paid and given up")
    func held() throws {
        let ledger = try ScratchLedger.knownHistory()
        for (id, end) in [("W-1", "payout.completed"), ("W-2", "payout.failed")] {
            try ledger.send(
                "wallet.withdrawal.requested",
                #"{"withdrawalId":"\#(id)","userId":"U-sana","amount":1000,"currency":"PKR"}"#,
                at: "2024-02-26T09:00:00Z")
            let reason = end == "payout.failed" ? #","reason":"closed""# : ""
            try ledger.send(end, #"{"withdrawalId":"\#(id)"\#(reason)}"#)
        }
        var lines: [TransferLine] = []
        try TransferHistory.scan(ledger.log, account: "gateway/bank/PKR") { line in
            if line.purpose == "payout" { lines.append(line) }
            return true
        }
        #expect(lines.map(\.effect) == [.held, .heldPosted, .held, .heldVoided])
        #expect(lines.map(\.amount) == [1000, 1000, 1000, 1000])
        #expect(lines[1].balance == lines[0].balance + 1000)
        #expect(lines[3].balance == lines[1].balance)
    }

    @Test("of every account end at the balance that a replay finds")
    func all() throws {
        let ledger = try ScratchLedger.known
        let replay = try Replay(ledger.log)
        try replay.fold()
        var accounts: [AccountLine] = []
        replay.accounts { line in
            accounts.append(line)
            return true
        }
        #expect(accounts.count > 5)
        for account in accounts {
            var last: TransferLine?
            try TransferHistory.scan(ledger.log, account: account.id) { line in
                last = line
                return true
            }
            #expect(last?.balance == account.balance, "\(account.id)")
        }
    }
}
