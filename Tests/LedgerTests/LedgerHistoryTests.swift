import AgentKit
import Ledger
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

    /// Nil after a difference.
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
