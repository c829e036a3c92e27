package import AgentKit

/// A declared event type.
package final class EventType: Sendable {
    package let name: String
    /// An agent's name, `engine`, `any` or `administrator`.
    package let owner: String
    /// The class of the agent that owns it; nil where no agent does.
    package let ownerClass: AgentClass?
    package let kind: EventKind
    /// The position among all types of the rule set, from 0.
    package let index: Int
    /// The members of its data.
    package let schema: RecordSchema
    /// The amounts in its data.
    package let amounts: AmountMembers
    /// The members that are sealed before hashing.
    package let personalFields: [String]
    /// The members of which the door keeps only a part.
    let minimalFields: [(name: String, form: Minimising)]
    /// Indicates that an administrator's override may emit it.
    package let isCorrectable: Bool
    /// The members that tell one fact from another; nil where every event is a fact of its own.
    package let once: OnceKey?
    /// Indicates that the decision refuses the request.
    package let isRefusal: Bool
    /// The sentence for people as it is written; nil where the declaration has none.
    let say: ExpressionText?
    /// The sentence for people as it is written; nil where the declaration has none.
    package var sentence: String? { say?.text }

    init(
        name: String, owner: String, ownerClass: AgentClass? = nil, kind: EventKind, index: Int, schema: RecordSchema,
        isCorrectable: Bool,
        once: OnceKey? = nil, isRefusal: Bool = false, say: ExpressionText? = nil
    ) {
        self.name = name
        self.owner = owner
        self.ownerClass = ownerClass
        self.kind = kind
        self.index = index
        self.schema = schema
        self.isCorrectable = isCorrectable
        self.once = once
        self.isRefusal = isRefusal
        self.say = say
        amounts = schema.amountMembers
        personalFields = schema.declaredOrder.compactMap {
            if case .personal = schema.members[$0].type { schema.members[$0].name } else { nil }
        }
        minimalFields = schema.members.compactMap { member in member.minimising.map { (member.name, $0) } }
    }

    /// The violations in the data of an event that a producer sends; personal fields are not sealed yet.
    package func violations(_ data: View) -> [Violation] { violations(data, form: .sent) }

    /// The violations in data in the form of the log, personal fields sealed.
    package func violationsAsRecorded(_ data: View) -> [Violation] { violations(data, form: .recorded) }

    /// The first of the violations of an event that a producer sends.
    package func violation(_ data: View, hints: inout SpellingHints) -> Violation? {
        violations(data, form: .sent, atMost: 1, &hints).first
    }

    /// The first violation of data in the form of the log.
    package func violationAsRecorded(_ data: View, hints: inout SpellingHints) -> Violation? {
        violations(data, form: .recorded, atMost: 1, &hints).first
    }

    private func violations(_ data: View, form: DataCheck.Form) -> [Violation] {
        var hints = SpellingHints()
        return violations(data, form: form, atMost: DataCheck.violationsMax, &hints)
    }

    private func violations(
        _ data: View, form: DataCheck.Form, atMost count: Int, _ hints: inout SpellingHints
    ) -> [Violation] {
        var check = DataCheck(form, atMost: count, hints: hints)
        if check.fits(data, .record(schema)) { return [] }
        check.explain(data, .record(schema))
        hints = check.hints
        return check.violations
    }
}

extension EventType: Hashable {
    package static func == (a: EventType, b: EventType) -> Bool { a === b }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// The kind of an event type: its source, and the way it is processed.
package enum EventKind: String, Sendable, CaseIterable {
    /// Sent by producers, and folded as it is.
    case fact
    /// Sent by producers; only rules act on it.
    case trigger
    /// Only rules emit it.
    case decision
    /// Only the engine appends it.
    case engine

    /// Indicates that producers may send it.
    package var isFromOutside: Bool { self == .fact || self == .trigger }
}
