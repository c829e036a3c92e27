package import AgentKit
import Engine
package import EventLog
import JSON

/// Movements on one account, read from the log alone: posted transfers, and the outcome of those that were held.
package struct TransferHistory {
    private struct Held {
        let debitAccount: String
        let creditAccount: String
        let amount: Int64
        let currency: String
        let purpose: String
        let reference: String
    }

    private let account: String
    private let pattern: BytePattern
    private var balance = Total.zero
    /// Transfers of the account that are currently held.
    private var held: [String: Held] = [:]

    private init(_ account: String) {
        self.account = account
        pattern = BytePattern(token: account)
    }

    /// Calls `body` with each movement on an account in log order, until it returns false.
    /// - Parameter end: the number of entries read; all of them if nil.
    /// - Throws: `ReplayError` if the log cannot be read.
    package static func scan(
        _ log: EventLog, account: String, end: UInt64? = nil, body: (TransferLine) -> Bool
    ) throws(ReplayError) {
        var history = TransferHistory(account)
        try reading { () throws(EventLogError) in
            unsafe try EntrySearch(log).scan(to: end ?? .max, words: { history.words }) { _, bytes in
                unsafe history.visit(bytes, body)
            }
        }
    }

    /// The texts of which later entries must name one to be of interest.
    private var words: [Word] { [Word(account)] + held.keys.map { Word($0) } }

    private static let posted = BytePattern(entryType: "transfer.posted")
    private static let fired = BytePattern(entryType: "timer.fired")

    private mutating func visit(_ bytes: UnsafeRawBufferPointer, _ body: (TransferLine) -> Bool) -> Bool {
        if unsafe Self.posted.ends(bytes) {
            guard unsafe pattern.isFound(in: bytes), let event = unsafe event(bytes) else { return true }
            return visit(posted: event, body)
        }
        guard !held.isEmpty, unsafe Self.fired.ends(bytes), let event = unsafe event(bytes) else { return true }
        return visit(fired: event, body)
    }

    private func event(_ bytes: UnsafeRawBufferPointer) -> Event? {
        (try? unsafe Document(canonical: bytes)).flatMap(Event.init)
    }

    private mutating func visit(posted event: Event, _ body: (TransferLine) -> Bool) -> Bool {
        let data = TransferPosted(event.data)
        for transfer in data.transfers {
            let item = Held(
                debitAccount: transfer.debitAccount, creditAccount: transfer.creditAccount, amount: transfer.amount,
                currency: transfer.currency, purpose: data.purpose, reference: data.reference)
            guard item.debitAccount == account || item.creditAccount == account else { continue }
            let effect = apply(transfer, item)
            if !body(line(event, transfer.id, item, effect)) { return false }
        }
        return true
    }

    private mutating func apply(_ transfer: TransferPosted.Transfer, _ item: Held) -> TransferLine.Effect {
        let flags = transfer.flags
        let pending = transfer.pendingId ?? ""
        if flags.contains("pending") {
            held[transfer.id] = item
            return .held
        }
        if flags.contains("voidPendingTransfer") {
            held[pending] = nil
            return .heldVoided
        }
        move(item)
        guard flags.contains("postPendingTransfer") else { return .posted }
        held[pending] = nil
        return .heldPosted
    }

    private mutating func move(_ item: Held) {
        if item.debitAccount == account { balance -= Amount(item.amount) }
        if item.creditAccount == account { balance += Amount(item.amount) }
    }

    private mutating func visit(fired event: Event, _ body: (TransferLine) -> Bool) -> Bool {
        let timer = TimerFired(event.data)
        guard timer.agent == "wallet", timer.name == "transfer.expiry",
            let item = held.removeValue(forKey: timer.key)
        else { return true }
        return body(line(event, timer.key, item, .expired))
    }

    private func line(_ event: Event, _ id: String, _ item: Held, _ effect: TransferLine.Effect) -> TransferLine {
        TransferLine(
            sequence: event.sequence, time: event.recordedTime, id: id, debitAccount: item.debitAccount,
            creditAccount: item.creditAccount, amount: item.amount, currency: item.currency, purpose: item.purpose,
            reference: item.reference, effect: effect, balance: balance)
    }
}

/// One movement on an account.
package struct TransferLine: Sendable, Hashable {
    package enum Effect: String, Sendable {
        case posted
        /// Held until it is posted, voided or expires.
        case held
        case heldPosted
        case heldVoided
        case expired
    }

    /// The sequence of the entry that made the movement.
    package let sequence: EntrySequence
    package let time: Instant
    package let id: String
    package let debitAccount: String
    package let creditAccount: String
    /// In minor units.
    package let amount: Int64
    package let currency: String
    package let purpose: String
    /// The subject of the payment: an order, a complaint, a deposit …
    package let reference: String
    package let effect: Effect
    /// The account's posted balance after the movement, in minor units.
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
