public import AgentKit

/// What a ledger did with one transfer.
@usableFromInline package enum Outcome: Hashable, Sendable {
    /// It moved, reserved or released this amount.
    case applied(Amount)
    case refused(ResultCode)
}
