import AgentKit
import Ledger
import TestSupport
import Testing
import WalletAgent

@Suite("wallet histories")
struct WalletHistoryTests {
    private static let pkr = Currency("PKR")!
    private static let paths =
        (0..<6).map { "wallet/U-\($0)/PKR" } + [
            "escrow/O-1/PKR", "platform/fees/PKR", "gateway/bank/PKR", "locked/L/PKR",
        ]

    @Test("what rules post and reducers fold ends as the ledger alone would have it")
    func histories() throws {
        let seed: UInt64 = 0x3A11_E700
        print("wallet histories: seed \(seed)")
        for history in 0..<UInt64(20) { try run(seed: seed &+ history) }
    }

    private func run(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bench = try WalletBench()
        let store = MemoryLedger()
        let machine = LedgerMachine(store)
        for path in Self.paths {
            let account = try #require(AccountPath.opened(path))
            #expect(machine.createAccounts([(path, account)]) == [.created])
        }
        var now = Instant(milliseconds: 0)
        var pending: [String] = []
        for _ in 0..<150 {
            let wanted = request(&random, pending)
            let answer = try bench.post(wanted, at: now)
            var batch = wanted
            for index in batch.indices {
                batch[index].id = bench.id(index)
                if index < batch.count - 1 { batch[index].flags.insert(.linked) }
            }
            let codes = machine.createTransfers(batch, at: now)
            switch answer {
            case .posted(let list):
                #expect(codes.allSatisfy { $0 == .created }, "seed \(seed)")
                try bench.fold(list, purpose: "payment", reference: "R", at: now)
                pending += batch.filter { $0.flags.contains(.pending) }.map(\.id)
            case .refused(let index, let code):
                #expect(codes[index].rawValue == code, "seed \(seed)")
            }
            now = now.adding(seconds: Int64(random.below(5)))
            for id in store.due(by: now) {
                machine.expire(id)
                bench.fold("timer.fired", try expiry(of: id), at: now)
            }
            for path in Self.paths {
                let expected = try #require(store[account: path])
                let actual = bench.state.accounts[path]?.account ?? AccountPath.opened(path)
                #expect(actual == expected, "seed \(seed), \(path)")
            }
        }
        #expect(Self.paths.reduce(0) { $0 + (bench.state.accounts[$1]?.account.balance.minorUnits ?? 0) } == 0)
    }

    private func request(_ random: inout SeededGenerator, _ pending: [String]) -> [Transfer] {
        (0..<1 + random.below(4)).map { _ in
            var transfer = Transfer(
                id: "", debitAccount: random.pick(Self.paths), creditAccount: random.pick(Self.paths),
                amount: Amount(Int64(random.below(500))), currency: Self.pkr)
            if random.chance(40) { transfer.debitAccount = "gateway/bank/PKR" }
            if random.chance(15) {
                transfer.flags.insert(random.pick([TransferFlags.balancingDebit, .balancingCredit]))
            }
            if random.chance(25) {
                transfer.flags.insert(.pending)
                if random.chance(60) { transfer.timeoutSeconds = Int64(1 + random.below(20)) }
                if random.chance(4) {
                    transfer.flags.insert(random.pick([TransferFlags.closingDebit, .closingCredit]))
                }
            } else if random.chance(30), let id = pending.last {
                transfer.debitAccount = ""
                transfer.creditAccount = ""
                transfer.pendingId = random.chance(80) ? id : random.pick(pending)
                transfer.flags = random.pick([TransferFlags.postPendingTransfer, .voidPendingTransfer])
                transfer.amount = transfer.flags == .voidPendingTransfer || random.chance(50) ? .zero : .greatest
            }
            return transfer
        }
    }

    private func expiry(of id: String) throws -> Document {
        try Document.parse(
            Array(#"{"data":{"agent":"wallet","due":"x","key":"\#(id)","name":"transfer.expiry"}}"#.utf8))
    }
}
