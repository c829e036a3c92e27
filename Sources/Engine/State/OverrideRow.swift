import AgentKit

/// An administrator's correction: what it moves, and what became of it.
struct OverrideRow: Row {
    /// Who asked for it.
    var by = ""
    var at = Instant.earliest
    var amounts: [OverrideAmount] = []
    var status = OverrideStatus.done
    /// The approval by which it was done.
    var approval: EntrySequence?

    static let name = "override"
    static let fields: RowFields<OverrideRow> = [
        .init("by", \.by), .init("at", \.at), .init("amounts", \.amounts), .init("status", \.status),
        .init("approval", \.approval),
    ]

    /// Keys go from the newest correction to the oldest.
    static func key(_ sequence: EntrySequence) -> String {
        EntrySequence(9_999_999_999_999_999 - sequence.value).padded
    }
}

/// What a correction moves in one currency.
struct OverrideAmount: Row {
    var currency = ""
    var amount = Amount.zero

    static let name = "overrideAmount"
    static let fields: RowFields<OverrideAmount> = [.init("currency", \.currency), .init("amount", \.amount)]
}

/// Where a correction stands.
enum OverrideStatus: String, RowValue, CaseIterable, Sendable {
    case done
    /// It waits for a second administrator.
    case pending
    /// Nobody approved it in time.
    case expired
    case refused
}
