import AgentKit
package import JSON

/// A transfer as an entry records it.
package struct RecordedTransfer: Sendable, Hashable {
    package let id: String
    package let debitAccount: String
    package let creditAccount: String
    /// In minor units.
    package let amount: Int64
    package let currency: String
    package let code: Int64?
    package let purpose: String
    /// The subject of the payment: an order, a complaint, a deposit …
    package let reference: String
    package let effect: TransferLine.Effect
    /// The held transfer that it posts or voids.
    package let pendingId: String?

    /// Indicates that the amount went from one account to the other.
    package var moves: Bool { effect == .posted || effect == .heldPosted }

    /// The transfers of an entry in their order; none of an entry of another type than `transfer.posted`.
    package static func all(in entry: View) -> [RecordedTransfer] {
        guard let data = TransferPosted(of: entry) else { return [] }
        let (purpose, reference) = (data.purpose, data.reference)
        return data.transfers.map { transfer in
            let flags = transfer.flags
            let effect: TransferLine.Effect =
                flags.contains("pending")
                ? .held
                : flags.contains("voidPendingTransfer")
                    ? .heldVoided : flags.contains("postPendingTransfer") ? .heldPosted : .posted
            return RecordedTransfer(
                id: transfer.id, debitAccount: transfer.debitAccount, creditAccount: transfer.creditAccount,
                amount: transfer.amount, currency: transfer.currency, code: transfer.code, purpose: purpose,
                reference: reference, effect: effect, pendingId: transfer.pendingId)
        }
    }

    /// The expiry of a held transfer, as the record of it told that went with the entry; nil for any other entry.
    package static func expired(by entry: View, _ changes: [RecordChange]) -> RecordedTransfer? {
        guard let timer = TimerFired(of: entry), timer.agent == "wallet", timer.name == "transfer.expiry",
            let bytes = changes.first(where: { $0.projection == "pendingTransfers" && $0.key == timer.key })?.before,
            let held = (try? Document(adopting: bytes))?.root
        else { return nil }
        func text(_ name: String) -> String { held.member(name)?.string ?? "" }
        return RecordedTransfer(
            id: timer.key, debitAccount: text("debitAccount"), creditAccount: text("creditAccount"),
            amount: held["amount"]?.int ?? 0, currency: text("currency"), code: held["code"]?.int,
            purpose: text("purpose"), reference: text("reference"), effect: .expired, pendingId: timer.key)
    }
}
