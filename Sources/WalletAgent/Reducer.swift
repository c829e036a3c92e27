package import AgentKit
import Ledger

/// Folds what was posted, and what the wallet promised, owes and is owed.
package enum WalletAgent: Agent {
    package static let name = "wallet"
    package static let agentClass = AgentClass.commerce

    package static func state(in tables: TableSet) -> WalletState { WalletState(in: tables) }

    package static func reduce(_ state: WalletState, _ fold: Fold, _ entry: Event) {
        switch fold {
        case .transferPosted(let event): state.fold(event, entry)
        case .timerFired(let event):
            if event.agent == name, event.name == "transfer.expiry" { state.expire(event.key, at: entry.recordedTime) }
        case .withdrawalAccepted(let event): state.record(WithdrawalRow(event, at: entry.recordedTime))
        case .withdrawalReturned(let event):
            state.withdrawals.update(event.withdrawalId) { $0.status = "returned" }
        case .coinsLocked(let event): state.lock(LockRow(event, at: entry.recordedTime))
        case .coinsUnlocked(let event): state.unlock(event.lockId)
        case .bonusGranted(let event):
            if event.reason == "lock" { state.locks.update(event.reference) { $0.bonuses += 1 } }
        case .userRecorded(let event): state.admit(event.userId)
        case .erasureCompleted(let event): state.holders[event.userId] = HolderRow(isErased: true)
        case .debtRecorded(let event): state.record(DebtRow(event))
        case .debtCollected(let event): state.collect(event.debtId, remaining: Amount(event.remaining))
        case .debtCancelled(let event): state.cancel(event.debtId, Amount(event.amount))
        }
    }
}

extension WalletState {
    fileprivate func lock(_ lock: LockRow) {
        locks[lock.id] = lock
        lockedCoins.upsert(lock.userId + "/" + lock.currency) { $0.value += lock.amount }
    }

    fileprivate func unlock(_ id: String) {
        guard let lock = locks[id] else { return }
        locks.update(id) { $0.status = "released" }
        lockedCoins.update(lock.userId + "/" + lock.currency) { $0.value -= lock.amount }
    }

    /// Who is known stays as they are: an erased person does not come back.
    fileprivate func admit(_ user: String) {
        if !holders.contains(user) { holders[user] = HolderRow() }
    }

    fileprivate func record(_ withdrawal: WithdrawalRow) {
        withdrawals[withdrawal.id] = withdrawal
        let oldest = withdrawal.since.adding(seconds: -Self.ageMax)
        withdrawers.upsert(withdrawal.userId) { row in
            while let first = row.withdrawalIds.first, (withdrawals[first]?.since ?? .earliest) < oldest {
                row.withdrawalIds.removeFirst()
            }
            row.withdrawalIds.append(withdrawal.id)
        }
    }
}

extension WithdrawalRow {
    fileprivate init(_ event: WithdrawalAccepted, at time: Instant) {
        id = event.withdrawalId
        userId = event.userId
        amount = Amount(event.amount)
        currency = event.currency
        since = time
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
