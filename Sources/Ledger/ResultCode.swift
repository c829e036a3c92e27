public import AgentKit

/// The result of one row of a batch; the raw value is TigerBeetle's name for it.
@usableFromInline package enum ResultCode: String, Sendable, CaseIterable {
    case created
    case exists
    case linkedEventChainOpen = "linked_event_chain_open"
    case linkedEventFailed = "linked_event_failed"
    case idMustNotBeZero = "id_must_not_be_zero"
    case idAlreadyFailed = "id_already_failed"

    case existsWithDifferentFlags = "exists_with_different_flags"
    case existsWithDifferentPendingId = "exists_with_different_pending_id"
    case existsWithDifferentTimeout = "exists_with_different_timeout"
    case existsWithDifferentDebitAccountId = "exists_with_different_debit_account_id"
    case existsWithDifferentCreditAccountId = "exists_with_different_credit_account_id"
    case existsWithDifferentAmount = "exists_with_different_amount"
    case existsWithDifferentLedger = "exists_with_different_ledger"
    case existsWithDifferentCode = "exists_with_different_code"

    case flagsAreMutuallyExclusive = "flags_are_mutually_exclusive"
    case debitAccountIdMustNotBeZero = "debit_account_id_must_not_be_zero"
    case creditAccountIdMustNotBeZero = "credit_account_id_must_not_be_zero"
    case accountsMustBeDifferent = "accounts_must_be_different"
    case pendingIdMustBeZero = "pending_id_must_be_zero"
    case pendingIdMustNotBeZero = "pending_id_must_not_be_zero"
    case pendingIdMustBeDifferent = "pending_id_must_be_different"
    case timeoutReservedForPendingTransfer = "timeout_reserved_for_pending_transfer"
    case closingTransferMustBePending = "closing_transfer_must_be_pending"
    case ledgerMustNotBeZero = "ledger_must_not_be_zero"

    case debitAccountNotFound = "debit_account_not_found"
    case creditAccountNotFound = "credit_account_not_found"
    case accountsMustHaveTheSameLedger = "accounts_must_have_the_same_ledger"
    case transferMustHaveTheSameLedgerAsAccounts = "transfer_must_have_the_same_ledger_as_accounts"

    case pendingTransferNotFound = "pending_transfer_not_found"
    case pendingTransferNotPending = "pending_transfer_not_pending"
    case pendingTransferHasDifferentDebitAccountId = "pending_transfer_has_different_debit_account_id"
    case pendingTransferHasDifferentCreditAccountId = "pending_transfer_has_different_credit_account_id"
    case pendingTransferHasDifferentLedger = "pending_transfer_has_different_ledger"
    case pendingTransferHasDifferentCode = "pending_transfer_has_different_code"
    case exceedsPendingTransferAmount = "exceeds_pending_transfer_amount"
    case pendingTransferHasDifferentAmount = "pending_transfer_has_different_amount"
    case pendingTransferAlreadyPosted = "pending_transfer_already_posted"
    case pendingTransferAlreadyVoided = "pending_transfer_already_voided"
    case pendingTransferExpired = "pending_transfer_expired"

    case debitAccountAlreadyClosed = "debit_account_already_closed"
    case creditAccountAlreadyClosed = "credit_account_already_closed"
    case overflowsDebitsPending = "overflows_debits_pending"
    case overflowsCreditsPending = "overflows_credits_pending"
    case overflowsDebitsPosted = "overflows_debits_posted"
    case overflowsCreditsPosted = "overflows_credits_posted"
    case overflowsDebits = "overflows_debits"
    case overflowsCredits = "overflows_credits"
    case overflowsTimeout = "overflows_timeout"
    case exceedsCredits = "exceeds_credits"
    case exceedsDebits = "exceeds_debits"

    /// Indicates a refusal that depends on the state of the moment. It burns the transfer's id, so that a retry cannot
    /// succeed after its sender was told no.
    package var isTransient: Bool {
        switch self {
        case .debitAccountNotFound, .creditAccountNotFound, .pendingTransferNotFound, .exceedsCredits, .exceedsDebits,
            .debitAccountAlreadyClosed, .creditAccountAlreadyClosed:
            true
        default: false
        }
    }
}

/// The result of applying one transfer.
@usableFromInline package enum Outcome: Hashable, Sendable {
    /// It moved, reserved or released this amount.
    case applied(Amount)
    case refused(ResultCode)
}
