package import AgentKit
import Ledger

/// The rule by which the money that an entry moves keeps or loses its age.
enum Ageing {
    /// It keeps its age: a payment between people.
    case payment
    /// It keeps its age, and is new where it comes from outside or from the platform.
    case kept
    /// It is new.
    case new

    init(_ purpose: String) {
        self = purpose == "payment" ? .payment : Self.keeping.contains(purpose) ? .kept : .new
    }

    private static let keeping: Set<String> = [
        "escrow.hold", "escrow.refund", "escrow.return", "service.hold", "service.refund", "lock", "unlock",
        "settlement",
        "payout", "refund",
        "suspense.match", "suspense.return", "dispute.hold", "dispute.won", "dispute.lost", "cash.collect",
    ]
}

/// The ages of the money in accounts, for the rule that it may be withdrawn only once it has matured.
///
/// Only young money is tracked: an account's `recent` is its sum, and `ages` holds its lots. The rest of the balance is
/// old, and old money leaves an account first, so that an account without young money costs no lookup.
extension WalletState {
    /// The code of a transfer whose money nobody can call back: it counts as old.
    static let finalCode: Int64 = 1
    /// The age in seconds beyond which money counts as old: 400 days.
    static let ageMax: Int64 = 400 * 86_400

    /// The money that came to an account after a moment and is still there.
    func income(_ account: String, after since: Instant) -> Amount {
        (ages[account]?.sum(after: since) ?? .zero).saturated
    }

    /// Takes an amount's young part from an account, before its sums change: old money leaves first. Nil where all is
    /// old.
    func takeYoung(_ row: inout AccountRow, _ path: UnsafeRawBufferPointer, _ amount: Amount) -> AgeRow? {
        let old = row.account.available - row.recent
        let needed = (Total(amount) - old).saturated
        guard needed > .zero else { return nil }
        let slot = unsafe ages.slot(path)
        guard var age = unsafe ages.row(at: slot, path) else { return nil }
        let taken = age.take(needed)
        ages.set(age.times.isEmpty ? nil : age, at: slot)
        row.recent = age.total
        return taken
    }

    func addYoung(_ row: inout AccountRow, _ path: UnsafeRawBufferPointer, _ young: AgeRow, at time: Instant) {
        let slot = unsafe ages.slot(path)
        var age = unsafe ages.row(at: slot, path) ?? AgeRow()
        age.forget(before: time.adding(seconds: -Self.ageMax))
        age.add(young)
        row.recent = age.total
        ages.set(age, at: slot)
    }

    /// The young money that arrives with a transfer; `taken` is the young money that left the account it comes from.
    func arriving(
        _ amount: Amount, code: Int64, from path: UnsafeRawBufferPointer, _ taken: AgeRow?, _ ageing: Ageing,
        at time: Instant
    ) -> AgeRow? {
        if code == Self.finalCode { return nil }
        switch ageing {
        case .payment: return taken
        case .kept where unsafe AccountPath.ages(path): return taken
        case .kept, .new: return amount == .zero ? nil : AgeRow(amount, since: time)
        }
    }

    /// Sets aside the young money that a pending transfer holds.
    func holdYoung(_ transfer: Transfer) {
        guard let row = accounts[transfer.debitAccount], row.recent > .zero else { return }
        var changed = row
        let taken = unsafe KeyIndex.withBytes(of: transfer.debitAccount) {
            unsafe takeYoung(&changed, $0, transfer.amount)
        }
        guard let taken else { return }
        accounts[transfer.debitAccount] = changed
        pendingAges[transfer.id] = taken
    }

    /// Ends a pending transfer: the posted part moves on, oldest money first, and the rest returns to its account.
    func settle(
        _ pending: Transfer, posting amount: Amount?, _ status: PendingStatus, _ ageing: Ageing, at time: Instant
    ) {
        var left = pendingAges[pending.id] ?? AgeRow()
        if !left.times.isEmpty { pendingAges[pending.id] = nil }
        ledger.settle(pending, posting: amount, status)
        let old = pending.amount - left.total.saturated
        let going = left.take(max(.zero, (amount ?? .zero) - old))
        give(left, to: pending.debitAccount, at: time)
        guard let amount, amount > .zero else { return }
        let coming = unsafe KeyIndex.withBytes(of: pending.debitAccount) {
            unsafe arriving(amount, code: pending.code, from: $0, going, ageing, at: time)
        }
        if let coming { give(coming, to: pending.creditAccount, at: time) }
    }

    private func give(_ young: AgeRow, to account: String, at time: Instant) {
        guard !young.times.isEmpty, var row = accounts[account] else { return }
        unsafe KeyIndex.withBytes(of: account) { path in
            guard unsafe AccountPath.ages(path) else { return }
            unsafe addYoung(&row, path, young, at: time)
        }
        accounts[account] = row
    }

    func expire(_ id: String, at time: Instant) {
        guard let stored = pendingTransfers[id]?.stored, stored.status == .pending else { return }
        settle(stored.transfer, posting: nil, .expired, .kept, at: time)
    }
}

/// The young money of an account in lots, oldest first; its key is the account's path, or the id of the pending
/// transfer that holds the money.
package struct AgeRow: Row {
    /// The moment from which each lot counts.
    package var times: [Instant] = []
    package var amounts: [Amount] = []

    package init() {}

    package static let name = "age"
    package static let fields: RowFields<AgeRow> = [.init("times", \.times), .init("amounts", \.amounts)]
}

extension AgeRow {
    /// The greatest number of lots; beyond it the two oldest become one, of the younger's time.
    static let lotsMax = 1024

    init(_ amount: Amount, since time: Instant) {
        times = [time]
        amounts = [amount]
    }

    var total: Total { amounts.reduce(.zero) { $0 + $1 } }

    /// Sums the lots later than a moment.
    func sum(after time: Instant) -> Total {
        var sum = Total.zero
        for index in times.indices.reversed() {
            if times[index] <= time { break }
            sum += amounts[index]
        }
        return sum
    }

    /// Merges the lots of another.
    mutating func add(_ other: AgeRow) {
        for (time, amount) in zip(other.times, other.amounts) { add(amount, since: time) }
        while times.count > Self.lotsMax {
            amounts[1] = (Total(amounts[0]) + amounts[1]).saturated
            times.removeFirst()
            amounts.removeFirst()
        }
    }

    private mutating func add(_ amount: Amount, since time: Instant) {
        var place = times.count
        while place > 0, times[place - 1] > time { place -= 1 }
        if place > 0, times[place - 1] == time, let sum = (Total(amounts[place - 1]) + amount).exact {
            amounts[place - 1] = sum
        } else {
            times.insert(time, at: place)
            amounts.insert(amount, at: place)
        }
    }

    /// Removes and returns the oldest lots, up to an amount.
    mutating func take(_ amount: Amount) -> AgeRow {
        var taken = AgeRow(), left = amount, whole = 0
        for index in times.indices where left > .zero {
            let part = min(left, amounts[index])
            taken.times.append(times[index])
            taken.amounts.append(part)
            left -= part
            if part == amounts[index] { whole = index + 1 } else { amounts[index] -= part }
        }
        times.removeFirst(whole)
        amounts.removeFirst(whole)
        return taken
    }

    /// Drops the lots before a moment, which are old.
    mutating func forget(before time: Instant) {
        let first = times.firstIndex { $0 >= time } ?? times.count
        times.removeFirst(first)
        amounts.removeFirst(first)
    }
}
