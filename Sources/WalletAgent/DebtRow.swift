package import AgentKit

/// What a party owes because what was to be taken from it could not be taken in full.
package struct DebtRow: Row {
    package var id = ""
    /// `franchise` or `user`.
    package var party = ""
    package var partyId = ""
    /// `fine`, `refund`, `chargeback` or `reversal`.
    package var kind = ""
    /// The user who gets a share of what is collected.
    package var creditorId: String?
    package var amount = Amount.zero
    package var remaining = Amount.zero
    package var currency = ""
    package var reference = ""

    package init() {}

    package static let name = "debt"
    package static let fields: RowFields<DebtRow> = [
        .init("id", \.id), .init("party", \.party), .init("partyId", \.partyId), .init("kind", \.kind),
        .init("creditorId", \.creditorId), .init("amount", \.amount), .init("remaining", \.remaining),
        .init("currency", \.currency), .init("reference", \.reference),
    ]

    /// Where the party's income arrives, from which the debt is collected.
    package var account: String { (party == "franchise" ? "franchise/" : "wallet/") + partyId + "/" + currency }
}
