package import JSON

/// The explanation of an entry: the rule that decided it, the values it saw, its causes and its consequences.
package struct Explanation: Sendable {
    package let entry: Document
    /// The event from outside, or of the clock, that started the cascade; the entry itself if it is a trigger.
    package let trigger: Document
    /// From the first cause to the one right before the entry, across timers through the entries that set them.
    package let path: [Document]
    /// The rule that decided the entry, or whose failure it reports; nil for a trigger and for the engine's own
    /// decisions.
    package let rule: AskedRule?
    /// The other rules evaluated on the same event, in order; for a trigger all of them.
    package let others: [AskedRule]
    /// The entries that followed, with the number of causes in between.
    package let consequences: [(entry: Document, depth: Int)]
    /// Indicates that more entries followed than are listed.
    package let isCut: Bool
    package let accounts: [AccountChange]
    /// The vote that the entry is part of, or that decided it.
    let ballot: Ballot?
    /// The administrator's correction that caused the entry, directly or through an approval.
    let override: Document?
    /// The entry that the correction is about.
    let corrected: Document?
    /// The event that is evaluated again and its dead letter, if a retry caused the entry.
    let retried: [Document]
    let related: RelatedEntries
    /// Nil if the rules cannot be evaluated again.
    package let recomputation: Recomputation?
    /// What other rules decide on the trigger; nil if none were asked for.
    package let underRules: UnderRules?
    /// The subject of the nearest cause that is an event of a subject, with its state.
    let headline: Headline?
    let wording: Wording
    let versions: RuleVersions

    package var sequence: UInt64 { entry.root.sequence }
    package var isTrigger: Bool { entry.root["agent"] == nil }
    /// Indicates that the rules gave the same entries again, byte for byte.
    package var isRecomputed: Bool { recomputation?.isSame ?? false }
}

/// An account before an entry and after the last consequence.
package struct AccountChange: Sendable, Hashable {
    package let before: AccountLine
    package internal(set) var after: AccountLine

    package var id: String { after.id }

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("after")
        after.write(to: &writer)
        writer.key("before")
        before.write(to: &writer)
        writer.key("id")
        writer.string(id)
        writer.endObject()
    }
}
