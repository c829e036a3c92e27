package import AgentKit
import Ledger

/// Folds what was posted, and what the wallet promised, owes and is owed.
package enum WalletAgent: Agent {
    package static let name = "wallet"
    package static let agentClass = AgentClass.commerce

    package static func state(in tables: TableSet) -> WalletState { WalletState(in: tables) }

    package static func reduce(_ state: WalletState, _ fold: Fold, _ entry: Event) {
        switch fold {
        case .transferPosted(let event): state.fold(event, at: entry.recordedTime)
        case .timerFired(let event):
            if event.agent == name, event.name == "transfer.expiry" { state.ledger.expire(event.key) }
        case .withdrawalAccepted(let event): state.withdrawals[event.withdrawalId] = WithdrawalRow(event)
        case .withdrawalReturned(let event):
            state.withdrawals.update(event.withdrawalId) { $0.status = "returned" }
        case .coinsLocked(let event): state.lock(LockRow(event, at: entry.recordedTime))
        case .coinsUnlocked(let event): state.unlock(event.lockId)
        case .bonusGranted(let event): state.fold(event, subject: entry.subject)
        case .debtRecorded(let event): state.record(DebtRow(event))
        case .debtCollected(let event): state.collect(event.debtId, remaining: Amount(event.remaining))
        }
    }
}

extension WalletState {
    fileprivate func lock(_ lock: LockRow) {
        locks[lock.id] = lock
        lockedCoins.upsert(lock.userId + "/" + lock.currency) { $0.value += lock.amount.minorUnits }
    }

    fileprivate func unlock(_ id: String) {
        guard let lock = locks[id] else { return }
        locks.update(id) { $0.status = "released" }
        lockedCoins.update(lock.userId + "/" + lock.currency) { $0.value -= lock.amount.minorUnits }
    }

    /// The subject of a referral's bonus is the referred user; so is its reference where it was paid for the sign-up,
    /// else that is the order.
    fileprivate func fold(_ bonus: BonusGranted, subject: String?) {
        let reference = bonus.reference
        if bonus.reason == "lock" { locks.update(reference) { $0.bonuses += 1 } }
        if bonus.reason == "referral", let user = subject {
            referrals.upsert(user) { if user != reference { $0.orderId = reference } }
        }
    }
}

extension WithdrawalRow {
    fileprivate init(_ event: WithdrawalAccepted) {
        id = event.withdrawalId
        userId = event.userId
        amount = Amount(event.amount)
        currency = event.currency
    }
}

extension LockRow {
    fileprivate init(_ event: CoinsLocked, at time: Instant) {
        id = event.lockId
        userId = event.userId
        amount = Amount(event.amount)
        currency = event.currency
        months = event.months
        since = time
        until = event.until
    }
}

extension DebtRow {
    fileprivate init(_ event: DebtRecorded) {
        id = event.debtId
        party = event.party
        partyId = event.partyId
        kind = event.kind
        creditorId = event.creditorId
        amount = Amount(event.amount)
        remaining = amount
        currency = event.currency
        reference = event.reference
    }
}
