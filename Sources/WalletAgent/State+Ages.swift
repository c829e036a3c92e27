import AgentKit
import Ledger

/// From when the money that an entry moves counts.
enum Ageing {
    /// As it did before: a payment between people.
    case payment
    /// As it did before, and from now what comes from outside or from the platform.
    case kept
    /// From now.
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

extension WalletState {
    /// The code of a transfer whose money is nobody's to call back: it counts as old.
    static let finalCode: Int64 = 1
    /// What is older is not kept.
    static let ageMax: Int64 = 400 * 86_400

    /// What came to an account after a moment and is still there.
    func income(_ account: String, after since: Instant) -> Amount {
        (ages[account]?.sum(after: since) ?? .zero).saturated
    }

    /// Takes from an account's row, before its sums change, what of this amount is not surely old: the old goes first.
    func takeYoung(_ row: inout AccountRow, _ path: UnsafeRawBufferPointer, _ amount: Amount) -> AgeRow? {
        let old = row.account.available - row.recent
        let needed = (Total(amount) - old).saturated
        guard needed > .zero else { return nil }
        let place = unsafe ages.place(path)
        guard var age = unsafe ages.row(at: place, path) else { return nil }
        let taken = age.take(needed)
        ages.set(age.times.isEmpty ? nil : age, at: place)
        row.recent = age.total
        return taken
    }

    func addYoung(_ row: inout AccountRow, _ path: UnsafeRawBufferPointer, _ young: AgeRow, at time: Instant) {
        let place = unsafe ages.place(path)
        var age = unsafe ages.row(at: place, path) ?? AgeRow()
        age.forget(before: time.adding(seconds: -Self.ageMax))
        age.add(young)
        row.recent = age.total
        ages.set(age, at: place)
    }

    /// What arrives with a transfer and is not surely old; `taken` left the account that it comes from.
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

    // MARK: Pending transfers

    /// Sets aside what a pending transfer holds of young money.
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

    /// Ends a pending transfer: what is posted of it goes on, oldest first, the rest is back where it was.
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
