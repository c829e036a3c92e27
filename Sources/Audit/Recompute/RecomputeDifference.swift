package import AgentKit
import JSON

/// One place at which a log is not what its triggers, the clock and the rule sets in it give.
package struct RecomputeDifference: Sendable, Hashable {
    /// The kind of the difference.
    package enum Kind: String, Sendable {
        /// An entry is not the one that was derived.
        case changed
        /// A derived entry is not in the log.
        case missing
        /// An entry of the log is not derived.
        case added
        /// Something that the clock owed was not fired before the entry.
        case notFired = "not-fired"
        /// A firing is not what the clock owed: early, late, twice, or never set.
        case notDue = "not-due"
        /// A trigger that the ingress would have refused.
        case notAdmitted = "not-admitted"
        /// Rules that cannot be loaded.
        case ruleSet = "rule-set"
    }

    /// The sequence of the entry, or of the place at which it should stand.
    package let sequence: UInt64
    package private(set) var kind: Kind
    /// A sentence without a full stop.
    package private(set) var what: String
    /// The derived entry as it would stand in the log; empty where there is none.
    package let expected: String
    /// The entry as the log has it; empty where there is none.
    package let found: String
    /// The sums that the log's version of the cascade moved otherwise; in the first difference of a cascade alone.
    package var money: [MovedMoney] = []

    /// Gives the reason for the difference where it is known better.
    mutating func explain(_ kind: Kind, _ what: String) { (self.kind, self.what) = (kind, what) }

    /// `{expected, found, kind, money, sequence, what}`, canonical.
    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("expected")
        writer.string(expected)
        writer.key("found")
        writer.string(found)
        writer.key("kind")
        writer.string(kind.rawValue)
        writer.key("money")
        writer.beginArray()
        for item in money { item.write(to: &writer) }
        writer.endArray()
        writer.key("sequence")
        writer.int(Int64(clamping: sequence))
        writer.key("what")
        writer.string(what)
        writer.endObject()
    }
}

/// The net sum that a cascade posted to an account, as derived and as recorded, in minor units; credits are positive.
package struct MovedMoney: Sendable, Hashable {
    package let account: String
    package let derived: Total
    package let recorded: Total

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("account")
        writer.string(account)
        writer.key("derived")
        derived.write(to: &writer)
        writer.key("recorded")
        recorded.write(to: &writer)
        writer.endObject()
    }

    /// The accounts to which two versions of a cascade posted different sums, in byte order.
    static func differences(derived: [Document], recorded: [Document]) -> [MovedMoney] {
        let (derived, recorded) = (postings(derived), postings(recorded))
        return Set(derived.keys).union(recorded.keys)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .compactMap { account in
                let (before, after) = (derived[account] ?? .zero, recorded[account] ?? .zero)
                return before == after ? nil : MovedMoney(account: account, derived: before, recorded: after)
            }
    }

    static func postings(_ entries: [Document]) -> [String: Total] {
        var sums: [String: Total] = [:]
        for entry in entries {
            guard let posted = TransferPosted(of: entry.root) else { continue }
            for transfer in posted.transfers {
                guard !transfer.flags.contains("pending"), !transfer.flags.contains("voidPendingTransfer") else {
                    continue
                }
                let amount = Total(Int128(transfer.amount))
                sums[transfer.debitAccount] = (sums[transfer.debitAccount] ?? .zero) - amount
                sums[transfer.creditAccount] = (sums[transfer.creditAccount] ?? .zero) + amount
            }
        }
        return sums
    }
}
