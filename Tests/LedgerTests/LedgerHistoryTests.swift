import AgentKit
import Ledger
import TestSupport
import Testing

@Suite("ledger histories")
struct LedgerHistoryTests {
    private static let historyCount = 1000
    private static let transfersPerHistory = 100

    @Test("100,000 random transfers of every kind end as a second, obvious model says, whatever the greatest total")
    func histories() {
        let seed: UInt64 = 0xD0C4_E700
        print("ledger histories: seed \(seed)")
        var seen: Set<ResultCode> = []
        for history in 0..<UInt64(Self.historyCount) {
            guard let codes = run(seed: seed &+ history) else { break }
            seen.formUnion(codes)
        }
        let missed = Set(ResultCode.allCases).subtracting(seen).subtracting([.overflowsTimeout])
        #expect(missed.isEmpty, "no history met \(missed.map(\.rawValue).sorted())")
    }

    /// Plays one history against the model and returns the codes it met; nil after a difference.
    private func run(seed: UInt64) -> Set<ResultCode>? {
        var source = RandomLedger(seed: seed)
        let store = MemoryLedger()
        let greatest = seed % 2 == 0 ? Total(.greatest) : .greatest
        let machine = LedgerMachine(store, greatestTotal: greatest)
        var model = LedgerModel(greatestTotal: greatest.minorUnits)
        let accounts = source.accounts()
        guard machine.createAccounts(accounts).allSatisfy({ $0 == .created }) else { return nil }
        for (id, account) in accounts { model.accounts[id] = account }
        var seen: Set<ResultCode> = []
        var count = 0
        while count < Self.transfersPerHistory {
            let batch = source.batch(&count)
            let results = machine.createTransfers(batch, at: model.now)
            let expected = model.apply(batch)
            seen.formUnion(results)
            #expect(results == expected, "seed \(seed), after \(count): \(batch)")
            let seconds = Int64(source.random.below(4))
            model.tick(seconds: seconds)
            for id in store.due(by: model.now) { machine.expire(id) }
            guard results == expected, isSame(store, model, seed) else { return nil }
        }
        return everythingHolds(store, model, seed) ? seen : nil
    }

    private func isSame(_ store: MemoryLedger, _ model: LedgerModel, _ seed: UInt64) -> Bool {
        for id in model.accounts.keys {
            guard let account = store[account: id] else { return false }
            let sums = LedgerModel.Sums(
                debitsPending: account.debitsPending.minorUnits, debitsPosted: account.debitsPosted.minorUnits,
                creditsPending: account.creditsPending.minorUnits, creditsPosted: account.creditsPosted.minorUnits)
            let wanted = model.sums(id)
            #expect(sums == wanted && account.isClosed == model.isClosed(id), "seed \(seed), account \(id)")
            if sums != wanted || account.isClosed != model.isClosed(id) { return false }
        }
        return true
    }

    private func everythingHolds(_ store: MemoryLedger, _ model: LedgerModel, _ seed: UInt64) -> Bool {
        var balances: [Currency: Int128] = [:]
        for id in model.accounts.keys {
            guard let account = store[account: id] else { return false }
            balances[account.currency, default: 0] += account.balance.minorUnits
            if account.flags.contains(.debitsMustNotExceedCredits) {
                #expect(account.debitsPending + account.debitsPosted <= account.creditsPosted, "seed \(seed), \(id)")
            }
            if account.flags.contains(.creditsMustNotExceedDebits) {
                #expect(account.creditsPending + account.creditsPosted <= account.debitsPosted, "seed \(seed), \(id)")
            }
        }
        #expect(balances.values.allSatisfy { $0 == 0 }, "seed \(seed): \(balances)")
        let resolved = model.entries.map(\.transfer.pendingId).filter { !$0.isEmpty }
        #expect(Set(resolved).count == resolved.count, "seed \(seed): resolved twice")
        for entry in model.entries {
            let stored = store.transfer(entry.transfer.id)
            #expect(stored?.transfer == entry.transfer && stored?.status == model.status(entry), "seed \(seed)")
        }
        return true
    }
}

/// A source of random accounts and transfers of every kind, most of them close to existing ones.
struct RandomLedger {
    var random: SeededGenerator
    private var asked: [Transfer] = []

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    static let accountIds = (0..<9).map { "A\($0)" }
    static let currencies = [Currency("PKR")!, Currency("EHBGC")!]

    mutating func accounts() -> [(id: String, account: Account)] {
        var result: [(id: String, account: Account)] = []
        for (index, id) in Self.accountIds.enumerated() where index != 8 {
            let limits: [AccountFlags] = [[], [], .debitsMustNotExceedCredits, .creditsMustNotExceedDebits]
            var flags = random.pick(limits)
            if index == 7 { flags.insert(.closed) }
            let currency = Self.currencies[index < 5 ? 0 : 1]
            result.append((id, Account(currency: currency, flags: flags, code: Int64(random.below(2)))))
        }
        return result
    }

    mutating func batch(_ next: inout Int) -> [Transfer] {
        (0..<1 + random.below(6)).map { _ in
            let transfer = one(next)
            next += 1
            asked.append(transfer)
            return transfer
        }
    }

    private mutating func one(_ number: Int) -> Transfer {
        if random.chance(12), !asked.isEmpty {
            var again = random.pick(asked)
            if random.chance(40) { change(&again) }
            return again
        }
        var transfer = Transfer(id: random.chance(1) ? "" : "T\(number)", amount: amount())
        if random.chance(25) { transfer.flags.insert(.linked) }
        if random.chance(35), let pending = asked.last(where: { $0.flags.contains(.pending) }) {
            second(&transfer, random.chance(70) ? pending : random.pick(asked))
        } else {
            first(&transfer)
        }
        if random.chance(4) { change(&transfer) }
        return transfer
    }

    private mutating func first(_ transfer: inout Transfer) {
        let low = random.chance(75)
        transfer.debitAccount = random.chance(96) ? "A\(low ? random.below(5) : 5 + random.below(4))" : pickAccount()
        transfer.creditAccount = random.chance(96) ? "A\(low ? random.below(5) : 5 + random.below(4))" : pickAccount()
        transfer.currency = Self.currencies[low ? 0 : 1]
        if random.chance(35) {
            transfer.flags.insert(.pending)
            if random.chance(50) { transfer.timeoutSeconds = Int64(1 + random.below(20)) }
            if random.chance(5) { transfer.flags.insert(random.pick([TransferFlags.closingDebit, .closingCredit])) }
        }
        if random.chance(15) { transfer.flags.insert(.balancingDebit) }
        if random.chance(15) { transfer.flags.insert(.balancingCredit) }
        if random.chance(10) { transfer.code = Int64(random.below(3)) }
    }

    private mutating func second(_ transfer: inout Transfer, _ pending: Transfer) {
        transfer.pendingId = pending.id
        transfer.flags.insert(random.pick([TransferFlags.postPendingTransfer, .voidPendingTransfer]))
        let amounts: [Amount] = [.zero, .greatest, pending.amount, amount()]
        transfer.amount = random.pick(amounts)
        if random.chance(20) { transfer.debitAccount = random.chance(80) ? pending.debitAccount : pickAccount() }
        if random.chance(20) { transfer.creditAccount = random.chance(80) ? pending.creditAccount : pickAccount() }
        if random.chance(20) { transfer.currency = random.pick(Self.currencies) }
        if random.chance(10) { transfer.code = Int64(random.below(3)) }
    }

    private mutating func change(_ transfer: inout Transfer) {
        switch random.below(9) {
        case 0: transfer.flags.formSymmetricDifference(TransferFlags(rawValue: 1 << UInt8(random.below(8))))
        case 1: transfer.pendingId = random.chance(50) ? "T\(random.below(40))" : transfer.id
        case 2: transfer.timeoutSeconds = Int64(random.below(3))
        case 3: transfer.debitAccount = pickAccount()
        case 4: transfer.creditAccount = pickAccount()
        case 5: transfer.amount = amount()
        case 6: transfer.currency = random.pick(Self.currencies + [.none])
        case 7: transfer.code = Int64(random.below(3))
        default: transfer.id += "x"
        }
    }

    private mutating func pickAccount() -> String { random.pick(Self.accountIds + [""]) }

    private mutating func amount() -> Amount {
        if random.chance(3) { return Amount(Amount.greatest.minorUnits - Int64(random.below(3))) }
        return Amount(Int64(random.below(random.chance(30) ? 1000 : 50)))
    }
}
