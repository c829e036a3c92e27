import AgentKit
import Ledger

/// SplitMix64: the same numbers from the same seed on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    /// True in `percent` of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
}

/// Makes accounts and transfers of every kind, most of them near to something that exists.
struct RandomLedger {
    var random: SeededRandom
    private var asked: [Transfer] = []

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

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
            if random.chance(5) { transfer.flags.insert(random.pick([.closingDebit, .closingCredit])) }
        }
        if random.chance(15) { transfer.flags.insert(.balancingDebit) }
        if random.chance(15) { transfer.flags.insert(.balancingCredit) }
        if random.chance(10) { transfer.code = Int64(random.below(3)) }
    }

    private mutating func second(_ transfer: inout Transfer, _ pending: Transfer) {
        transfer.pendingId = pending.id
        transfer.flags.insert(random.pick([.postPendingTransfer, .voidPendingTransfer]))
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
