package import AgentKit
import Ledger

/// Folds what was posted, and what the wallet promised, owes and is owed.
package enum WalletAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case posted = "transfer.posted"
        case timerFired = "timer.fired"
        case withdrawalAccepted = "withdrawal.accepted"
        case locked = "coins.locked"
        case unlocked = "coins.unlocked"
        case bonusGranted = "bonus.granted"
        case debtRecorded = "debt.recorded"
        case debtCollected = "debt.collected"
    }

    package static let name = "wallet"
    package static let agentClass = AgentClass.commerce

    package static func state(in tables: TableSet) -> WalletState { WalletState(in: tables) }

    package static func reduce(_ state: WalletState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .posted: state.foldPosted(data, at: event.recordedTime)
        case .timerFired:
            if data["agent"]?.isString("wallet") == true, data["name"]?.isString("transfer.expiry") == true {
                state.ledger.expire(data.text("key"))
            }
        case .withdrawalAccepted: state.withdrawals[data.text("withdrawalId")] = WithdrawalRow(accepted: data)
        case .locked: state.lock(LockRow(locked: data, at: event.recordedTime))
        case .unlocked: state.unlock(data.text("lockId"))
        case .bonusGranted: state.foldBonus(data, subject: event.subject)
        case .debtRecorded: state.record(DebtRow(recorded: data))
        case .debtCollected: state.collect(data.text("debtId"), remaining: data.amount("remaining"))
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
    fileprivate func foldBonus(_ data: View, subject: String?) {
        let reference = data.text("reference")
        if data["reason"]?.isString("lock") == true { locks.update(reference) { $0.bonuses += 1 } }
        if data["reason"]?.isString("referral") == true, let user = subject {
            referrals.upsert(user) { if user != reference { $0.orderId = reference } }
        }
    }
}

extension WithdrawalRow {
    fileprivate init(accepted data: View) {
        id = data.text("withdrawalId")
        userId = data.text("userId")
        amount = data.amount("amount")
        currency = data.text("currency")
    }
}

extension LockRow {
    fileprivate init(locked data: View, at time: Instant) {
        id = data.text("lockId")
        userId = data.text("userId")
        amount = data.amount("amount")
        currency = data.text("currency")
        months = data.integer("months")
        since = time
        until = data.instant("until") ?? time
    }
}

extension DebtRow {
    fileprivate init(recorded data: View) {
        id = data.text("debtId")
        party = data.text("party")
        partyId = data.text("partyId")
        kind = data.text("kind")
        creditorId = data["creditorId"]?.string
        amount = data.amount("amount")
        remaining = amount
        currency = data.text("currency")
        reference = data.text("reference")
    }
}
