import EngineTestSupport
import Foundation
import JSON
import TestSupport
import Testing

/// Random histories in which things come twice, late, in another order, at the same instant and from the wrong person.
@Suite("storms") struct StormTests {
    private static let histories = 300
    private static let events = 150
    private static let day = 86_400

    /// The event types that fix a fact for good, whatever the answer.
    private static let onceOnly: Set<String> = [
        "wallet.deposited", "payment.authorized", "order.placed", "wallet.payment.requested",
        "wallet.payments.requested",
        "wallet.withdrawal.requested", "coins.lock.requested", "complaint.submitted", "area.sold", "service.requested",
        "service.called", "quality.reported", "erasure.requested", "admin.override", "verification.requested",
        "cash.remitted",
    ]

    /// The same every time, or what `DOCKET_SEED` says: long rounds try others.
    private static func seeds() -> SeededGenerator {
        ProcessInfo.processInfo.environment["DOCKET_SEED"] == nil
            ? SeededGenerator(seed: 1) : SeededGenerator.announced()
    }

    @Test("no history makes money, loses it or holds it for ever, breaks a limit or a rule, or does a thing twice")
    func storms() throws {
        var seeds = Self.seeds()
        let storm = try Storm()
        var seen: Set<String> = []
        for _ in 0..<Self.histories {
            let seed = seeds.next()
            let faults = try storm.history { storm in
                let faults = try Self.faults(of: storm, seed)
                for line in storm.lines { seen.insert(line.type) }
                return faults
            }
            #expect(faults == [], "seed \(seed)")
        }
        #expect(Self.reached.subtracting(seen) == [])
    }

    /// The outcomes of storms over all kinds of events.
    private static let reached: Set<String> = [
        "trigger.repeated", "trigger.contradicted", "registration.refused", "order.rejected", "order.settled",
        "order.settlement.deferred", "order.cancellation.accepted", "order.expired", "order.refunded",
        "order.delivery.asked", "payment.refused", "payment.failure.recorded", "payment.refund.requested",
        "payment.refund.closed", "refund.refused", "suspense.recorded", "suspense.returned",
        "dispute.opened", "dispute.closed", "dispute.refused", "cash.recorded", "cash.remittance.recorded",
        "cash.refused",
        "withdrawal.accepted", "withdrawal.rejected", "bonus.granted",
        "debt.recorded", "debt.collected", "debt.cancelled", "complaint.opened", "complaint.escalated",
        "complaint.closed",
        "fine.imposed", "service.delivery.recorded", "service.settled", "service.refunded", "quality.scored",
        "quality.refused", "area.sale.refused", "ownership.changed", "erasure.deferred", "erasure.refused",
        "override.pending", "override.refused", "alert.raised",
    ]

    @Test("the same history gives the same bytes")
    func same() throws {
        var seeds = Self.seeds()
        let storm = try Storm()
        for _ in 0..<10 {
            let seed = seeds.next()
            func digest() throws -> String {
                try storm.history { storm in
                    _ = try Self.faults(of: storm, seed)
                    return storm.digest
                }
            }
            let first = try digest()
            #expect(try digest() == first, "seed \(seed)")
        }
    }

    /// Plays a history, lets everything come to its end, and says what is wrong.
    private static func faults(of storm: Storm, _ seed: UInt64) throws -> [String] {
        var generator = StormGenerator(seed: seed)
        var sent: [StormEvent] = []
        var faults: [String] = []
        for _ in 0..<events {
            let isRepeated = !sent.isEmpty && generator.chance(6)
            let event = isRepeated ? generator.pick(sent) : generator.next()
            let lines = try storm.send(event, after: generator.pause())
            if isRepeated, onceOnly.contains(event.type), !lines.after.isEmpty,
                lines.after.types != ["trigger.repeated"],
                !lines.after.types.starts(with: ["trigger.contradicted"])
            {
                faults.append("\(event.type) told again led to \(lines.after.types)")
            }
            for line in lines.before + lines.after { generator.note(line) }
            sent.append(event)
        }
        try closeDisputes(of: storm, &generator)
        for _ in 0..<80 { storm.pass(seconds: day) }
        // What was paid out long ago is called back all the same.
        for _ in 0..<8 { try storm.send(generator.dispute()) }
        try closeDisputes(of: storm, &generator)
        for _ in 0..<20 { storm.pass(seconds: day) }
        return faults + balances(of: storm) + failures(in: storm)
    }

    private static func closeDisputes(of storm: Storm, _ generator: inout StormGenerator) throws {
        for dispute in generator.memory.disputes {
            try storm.send(
                StormWorld.event(
                    "payment.dispute.closed", ["disputeId": dispute, "outcome": generator.pick(["won", "lost"])]))
        }
    }

    /// Sums that are not zero, limits that are broken, and money that nobody will ever have.
    private static func balances(of storm: Storm) -> [String] {
        var faults: [String] = []
        var sums: [String: Int64] = [:]
        for account in storm.accounts {
            sums[account.currency, default: 0] += account.balance
            if account.limit.debits, account.debits + account.debitsPending > account.credits {
                faults.append("\(account.path) is overdrawn: \(account.available)")
            }
            if account.limit.credits, account.credits + account.creditsPending > account.debits {
                faults.append("\(account.path) has more than was collected: \(account.balance)")
            }
            let isHolding = ["escrow/", "service/", "dispute/"].contains { account.path.hasPrefix($0) }
            if isHolding, account.available != 0 {
                faults.append("\(account.path) still holds \(account.available)")
            }
        }
        return faults + sums.filter { $0.value != 0 }.map { "the sum of all \($0.key) is \($0.value)" }
    }

    private static func failures(in storm: Storm) -> [String] {
        storm.lines.filter { ["agent.failed", "deadletter.added", "conflict.raised"].contains($0.type) }
            .map { "\($0)" }
    }

    @Test("who deals with nobody but their own accounts ends no richer")
    func loner() throws {
        var random = Self.seeds()
        let storm = try Storm()
        var seen: Set<String> = []
        for history in 0..<40 {
            let (gain, failures) = try storm.history { storm in
                let before = Wealth(of: StormWorld.loners, in: storm)
                let start = storm.lines.count
                var lone = LoneDealer()
                for _ in 0..<150 {
                    let lines = try storm.send(lone.next(&random), after: random.pick([0, 60, 7_200, 90_000]))
                    for line in lines.before + lines.after { lone.note(line) }
                }
                for event in lone.endings(&random) { try storm.send(event) }
                for _ in 0..<80 { storm.pass(seconds: Self.day) }
                for line in storm.lines[start...] { seen.insert(line.type) }
                let after = Wealth(of: StormWorld.loners, in: storm)
                return (after.gain(since: before), Self.failures(in: storm))
            }
            #expect(gain <= 0, "history \(history)")
            #expect(failures == [], "history \(history)")
        }
        #expect(Self.lonely.subtracting(seen) == [])
    }

    /// The outcomes of one person's dealings with themselves.
    private static let lonely: Set<String> = [
        "order.settled", "order.refunded", "order.expired", "payment.refund.closed", "dispute.opened",
        "dispute.closed", "cash.remittance.recorded", "complaint.closed", "fine.imposed", "bonus.granted",
        "bonus.reversed", "debt.recorded", "debt.collected", "debt.cancelled", "service.settled", "service.refunded",
        "withdrawal.accepted", "payout.requested",
    ]
}

/// The money of some people against the money they brought, in paisa.
private struct Wealth {
    /// In their wallets, less what they owe.
    let held: Int64
    /// Brought through providers, less what went out again.
    let broughtIn: Int64
    /// Shares of fines that franchises paid for complaints they let pass: these are theirs to keep.
    let fromFines: Int64

    init(of people: [String], in storm: Storm) {
        var (held, out) = (Int64(0), Int64(0))
        let own = Set(people.flatMap { ["wallet/\($0)/PKR", "owed/wallet/\($0)/PKR"] })
        for account in storm.accounts where account.currency == "PKR" {
            if own.contains(account.path) { held += account.balance }
            if account.path.hasPrefix("gateway/") { out += account.balance }
        }
        (self.held, broughtIn) = (held, -out)
        var fines = Int64(0)
        for line in storm.lines where line.type == "transfer.posted" {
            line.document.root["data"]?["transfers"]?.forEachElement { transfer in
                let from = transfer["debitAccount"]?.string ?? "", to = transfer["creditAccount"]?.string ?? ""
                if from.hasPrefix("franchise/"), own.contains(to), line.isFine { fines += transfer["amount"]?.int ?? 0 }
            }
        }
        fromFines = fines
    }

    func gain(since before: Wealth) -> Int64 {
        (held - before.held) - (broughtIn - before.broughtIn) - (fromFines - before.fromFines)
    }
}

extension Bench.Line {
    /// Indicates that the transfers are a fine, or pay one that was owed.
    fileprivate var isFine: Bool {
        ["fine", "debt"].contains(document.root["data"]?["purpose"]?.string ?? "")
    }
}
