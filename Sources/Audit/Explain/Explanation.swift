package import JSON

/// Why an entry is in the log: the rule that decided it, what the rule knew, what came before and what followed.
package struct Explanation: Sendable {
    package let entry: Document
    /// What came from outside, or from the clock, and led to it; the entry itself where it is that.
    package let trigger: Document
    /// From the first cause to the entry before this one: causes, and what set the timers that ran out.
    package let path: [Document]
    /// The rule that decided it, or whose failure it is; nil where it is a trigger or the engine's own.
    package let rule: AskedRule?
    /// The other rules that were asked about the same event; of a trigger all of them, in the order of evaluation.
    package let others: [AskedRule]
    /// What followed, with the number of causes in between.
    package let consequences: [(entry: Document, depth: Int)]
    /// Whether more followed than is listed.
    package let isCut: Bool
    package let accounts: [AccountChange]
    /// The vote that it is part of, or that decided it.
    let ballot: Ballot?
    /// The administrator's correction that led to it, perhaps through an approval.
    let override: Document?
    /// The entry that the correction is about.
    let corrected: Document?
    /// The event that the retry that led to it evaluates again, and its dead letter.
    let retried: [Document]
    /// Nil where the rules cannot be asked again.
    package let recomputation: Recomputation?
    /// What it is about: the subject of the nearest of its causes that is an event of one.
    let headline: Headline?
    let wording: Wording
    let versions: RuleVersions

    package var sequence: UInt64 { entry.root.sequence }
    package var isTrigger: Bool { entry.root["agent"] == nil }
    /// Whether the rules gave the same entries again, byte for byte.
    package var isRecomputed: Bool { recomputation?.isSame ?? false }
}

/// An account before an entry and after the last that followed from it.
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
