// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension WalletAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case bonusGranted(BonusGranted)
        case coinsLocked(CoinsLocked)
        case coinsUnlocked(CoinsUnlocked)
        case debtCancelled(DebtCancelled)
        case debtCollected(DebtCollected)
        case debtRecorded(DebtRecorded)
        case erasureCompleted(ErasureCompleted)
        case timerFired(TimerFired)
        case transferPosted(TransferPosted)
        case userRecorded(UserRecorded)
        case withdrawalAccepted(WithdrawalAccepted)
        case withdrawalReturned(WithdrawalReturned)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .bonusGranted(BonusGranted(data))
            case 1: self = .coinsLocked(CoinsLocked(data))
            case 2: self = .coinsUnlocked(CoinsUnlocked(data))
            case 3: self = .debtCancelled(DebtCancelled(data))
            case 4: self = .debtCollected(DebtCollected(data))
            case 5: self = .debtRecorded(DebtRecorded(data))
            case 6: self = .erasureCompleted(ErasureCompleted(data))
            case 7: self = .timerFired(TimerFired(data))
            case 8: self = .transferPosted(TransferPosted(data))
            case 9: self = .userRecorded(UserRecorded(data))
            case 10: self = .withdrawalAccepted(WithdrawalAccepted(data))
            case 11: self = .withdrawalReturned(WithdrawalReturned(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading("bonus.granted", [.init("reason", .text), .init("reference", .text)]),
            EventReading(
                "coins.locked",
                [
                    .init("lockId", .text),
                    .init("userId", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                    .init("months", .integer),
                    .init("until", .moment),
                ]),
            EventReading("coins.unlocked", [.init("lockId", .text)]),
            EventReading("debt.cancelled", [.init("debtId", .text), .init("amount", .integer)]),
            EventReading("debt.collected", [.init("debtId", .text), .init("remaining", .integer)]),
            EventReading(
                "debt.recorded",
                [
                    .init("debtId", .text),
                    .init("party", .text),
                    .init("partyId", .text),
                    .init("kind", .text),
                    .init("creditorId", .text, isOptional: true),
                    .init("amount", .integer),
                    .init("currency", .text),
                    .init("reference", .text),
                ]),
            EventReading("erasure.completed", [.init("userId", .text)]),
            EventReading("timer.fired", [.init("agent", .text), .init("name", .text), .init("key", .text)]),
            EventReading(
                "transfer.posted",
                [
                    .init("purpose", .text),
                    .init("reference", .text),
                    .init("transfers", .records),
                    .init("transfers[].amount", .integer),
                    .init("transfers[].code", .integer, isOptional: true),
                    .init("transfers[].creditAccount", .text),
                    .init("transfers[].currency", .text),
                    .init("transfers[].debitAccount", .text),
                    .init("transfers[].flags", .texts, isOptional: true),
                    .init("transfers[].id", .text),
                    .init("transfers[].pendingId", .text, isOptional: true),
                    .init("transfers[].timeoutSeconds", .integer, isOptional: true),
                ]),
            EventReading("user.recorded", [.init("userId", .text)]),
            EventReading(
                "withdrawal.accepted",
                [
                    .init("withdrawalId", .text),
                    .init("userId", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading("withdrawal.returned", [.init("withdrawalId", .text)]),
        ]

        package static let otherReadings: [EventReading] = [
            EventReading(
                "wallet.payments.requested",
                [
                    .init("payments", .records),
                    .init("payments[].amount", .integer),
                    .init("payments[].from", .text),
                    .init("payments[].to", .text),
                ])
        ]
    }
}
