package import AgentKit
import JSON

/// One movement on an account.
package struct TransferLine: Sendable, Hashable {
    package enum Effect: String, Sendable {
        case posted
        /// Set aside until it is posted, voided or expires.
        case held
        case heldPosted
        case heldVoided
        case expired
    }

    /// The entry that moved it.
    package let sequence: EntrySequence
    package let time: Instant
    package let id: String
    package let debitAccount: String
    package let creditAccount: String
    /// In minor units.
    package let amount: Int64
    package let currency: String
    package let purpose: String
    /// What it was for: an order, a complaint, a deposit …
    package let reference: String
    package let effect: Effect
    /// The account's posted balance after it, in minor units.
    package let balance: Total

    /// `{amount, balance, creditAccount, currency, debitAccount, effect, id, purpose, reference, sequence, time}`,
    /// canonical.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 384)
        writer.beginObject()
        writer.key("amount")
        writer.int(amount)
        writer.key("balance")
        balance.write(to: &writer)
        writer.key("creditAccount")
        writer.string(creditAccount)
        writer.key("currency")
        writer.string(currency)
        writer.key("debitAccount")
        writer.string(debitAccount)
        writer.key("effect")
        writer.string(effect.rawValue)
        writer.key("id")
        writer.string(id)
        writer.key("purpose")
        writer.string(purpose)
        writer.key("reference")
        writer.string(reference)
        writer.key("sequence")
        writer.int(Int64(sequence.value))
        writer.key("time")
        writer.string(time.text)
        writer.endObject()
        return writer.bytes
    }
}
