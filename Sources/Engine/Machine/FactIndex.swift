import AgentKit
import EventLog
import JSON
import Rules

/// Facts that happen once: what a type's `once` makes of the second event that tells of one, under whatever id it comes.
///
/// The first entry of a key holds it from the moment it is folded, so that replaying the log gives the same index; where
/// the declaration says `unless: refused`, folding the refusal takes the key from it again. A later entry of the key is
/// recorded and answered; no reducer folds it and no rule sees it, unless it changes what the declaration lets change.
final class FactIndex {
    private let entries: Entries
    private let engine: EngineState

    init(entries: Entries, engine: EngineState) {
        self.entries = entries
        self.engine = engine
    }

    /// Gives an entry the key of its fact, or notes what it changes of it.
    /// - Returns: the earlier entry that holds the key; nil where the rules are to see the entry.
    func claim(_ once: OnceKey, for event: Event, _ type: EventType) -> EntrySequence? {
        guard let key = factKey(once, of: event.data, type) else { return nil }
        return unsafe key.withUnsafeBytes { key in
            let slot = unsafe engine.onceKeys.slot(key)
            if let holder = unsafe engine.onceKeys.row(at: slot, key) {
                return unsafe change(once, of: key, by: event, type, holder.first) ? nil : holder.first
            }
            engine.onceKeys.set(OnceRow(first: event.sequence), at: slot)
            if !once.changes.isEmpty { unsafe begin(once, of: key, with: event) }
            return nil
        }
    }

    /// Compares an entry with the earlier one that holds the key of its fact.
    /// - Returns: the values of the key's members as text, and whether both entries say the same.
    func repetition(of holder: EntrySequence, by event: Event, _ type: EventType) -> (key: [String], isSame: Bool) {
        guard let once = type.once, let values = once.values(in: event.data),
            let key = factKey(once, of: event.data, type)
        else { preconditionFailure("a key that no entry holds") }
        let fact = unsafe key.withUnsafeBytes { unsafe engine.facts.row($0) }
        let isSame = relation(of: event.data, type, to: holder, fact) == .same
        return (values.map { $0.string ?? $0.canonicalText }, isSame)
    }

    /// Takes the key, or the change, from the entry that a rule's decision refuses.
    func free(refusedBy event: Event, types ruleSet: RuleSet) {
        guard event.rule != nil || event.type == OverrideRefused.type, let cause = event.causation,
            let refused = original(of: cause),
            let type = refused.document.root["type"]?.string.flatMap({ ruleSet.eventType(named: $0) }),
            let once = type.once, once.isRevocable
        else { return }
        take(back: refused, once, type, keepsKey: !once.isFreedByRefusal)
    }

    /// Takes the key, or the change, from an entry that has it.
    private func take(
        back entry: (sequence: EntrySequence, document: Document), _ once: OnceKey, _ type: EventType, keepsKey: Bool
    ) {
        guard let data = entry.document.root["data"], let key = factKey(once, of: data, type) else { return }
        unsafe key.withUnsafeBytes { key in
            let slot = unsafe engine.onceKeys.slot(key)
            guard let holder = unsafe engine.onceKeys.row(at: slot, key) else { return }
            let factSlot = unsafe engine.facts.slot(key)
            let fact = unsafe engine.facts.row(at: factSlot, key)
            if holder.first == entry.sequence {
                // A later entry that changed the fact since then rests on this one.
                guard !keepsKey, fact?.isAsTold(by: holder.first) ?? true else { return }
                engine.onceKeys.set(nil, at: slot)
                if fact != nil { engine.facts.set(nil, at: factSlot) }
            } else if var fact, fact.last == entry.sequence {
                fact.stated = fact.before
                fact.last = EntrySequence(0)
                engine.facts.set(fact, at: factSlot)
            }
        }
    }

    /// The entry whose rules an entry had evaluated: itself, or what a retry names.
    private func original(of cause: EntrySequence) -> (sequence: EntrySequence, document: Document)? {
        guard let entry = entries.recorded(cause) else { return nil }
        guard entry.root["type"]?.equals(DeadletterRetried.type) ?? false, let data = entry.root["data"],
            let sequence = EntrySequence(padded: DeadletterRetried(data).sequence),
            let retried = entries.recorded(sequence)
        else { return (cause, entry) }
        return (sequence, retried)
    }

    /// Enters the facts that the log tells already, where a rule set is about to be in force that asks about them as the
    /// one before did not; the first of a key holds it.
    /// - Parameter end: the first entry that is not looked at.
    func index(for ruleSet: RuleSet, after before: RuleSet?, upTo end: EntrySequence) {
        guard let before, before !== ruleSet, !entries.isEmpty else { return }
        let changed = ruleSet.eventTypes.filter { type in
            type.once != nil && type.once != before.eventType(named: type.name)?.once
        }
        guard !changed.isEmpty else { return }
        for type in changed { forgetFacts(of: type) }
        for sequence in 0..<end.value {
            guard let entry = entries.recorded(EntrySequence(sequence)), let name = entry.root["type"]?.string else {
                continue
            }
            let isRefusal = ruleSet.hasRevocableFacts && ruleSet.eventType(named: name)?.isRefusal ?? false
            let isAnswer = name == TriggerRepeatedData.type || name == TriggerContradictedData.type
            let type = changed.first { $0.name == name }
            guard type != nil || isAnswer || isRefusal, let event = Event(entry) else { continue }
            if let type, let once = type.once { _ = claim(once, for: event, type) }
            if isAnswer { ignore(answeredBy: event, among: changed) }
            if isRefusal { free(refusedBy: event, types: ruleSet) }
        }
    }

    /// An entry that was answered as telling what was known was asked no rule, so it neither holds a key nor changes anything.
    private func ignore(answeredBy event: Event, among types: [EventType]) {
        guard let cause = event.causation, let entry = entries.recorded(cause), let name = entry.root["type"]?.string,
            let type = types.first(where: { $0.name == name }), let once = type.once
        else { return }
        take(back: (cause, entry), once, type, keepsKey: false)
    }

    /// Removes what an earlier declaration of the type, taken back since, has left.
    private func forgetFacts(of type: EventType) {
        let prefix = type.name + "\n"
        var keys: [String] = []
        engine.onceKeys.forEachKey(from: prefix) { key in
            guard key.hasPrefix(prefix) else { return false }
            keys.append(key)
            return true
        }
        for key in keys {
            engine.onceKeys[key] = nil
            if engine.facts[key] != nil { engine.facts[key] = nil }
        }
    }

    /// The bytes under which a fact is found: its type and members by name, and their values in canonical form.
    private func factKey(_ once: OnceKey, of data: View, _ type: EventType) -> [UInt8]? {
        guard let values = once.values(in: data) else { return nil }
        var key = Array(type.name.utf8)
        for (name, value) in zip(once.members, values) {
            key.append(UInt8(ascii: "\n"))
            key.append(contentsOf: name.utf8)
            key.append(UInt8(ascii: ":"))
            unsafe value.withCanonicalBytes { unsafe key.append(contentsOf: $0) }
        }
        return key
    }

    // MARK: Changes of a fact

    /// Remembers which entry tells the members that may change.
    private func begin(_ once: OnceKey, of key: UnsafeRawBufferPointer, with event: Event) {
        let stated = once.changes.map { isStated($0, in: event.data) ? event.sequence.padded : "" }
        let fact = FactRow(last: event.sequence, stated: stated, before: stated)
        unsafe engine.facts.set(fact, at: engine.facts.slot(key))
    }

    /// Notes a later entry of a fact where it changes what may change.
    /// - Returns: false where it repeats or contradicts what is known.
    private func change(
        _ once: OnceKey, of key: UnsafeRawBufferPointer, by event: Event, _ type: EventType, _ first: EntrySequence
    ) -> Bool {
        guard !once.changes.isEmpty else { return false }
        let slot = unsafe engine.facts.slot(key)
        guard var fact = unsafe engine.facts.row(at: slot, key),
            relation(of: event.data, type, to: first, fact) == .changed
        else { return false }
        fact.last = event.sequence
        fact.before = fact.stated
        for (index, name) in once.changes.enumerated() where isStated(name, in: event.data) {
            fact.stated[index] = event.sequence.padded
        }
        engine.facts.set(fact, at: slot)
        return true
    }

    /// Compares an event's data with what is known of its fact, personal members aside.
    private func relation(of data: View, _ type: EventType, to first: EntrySequence, _ fact: FactRow?) -> FactRelation {
        guard let known = entries.recorded(first) else {
            Notice.end(
                "the views hold a key that entry \(first.value) has, which the log lacks; remove `views` and start again"
            )
        }
        let changes = type.once?.changes ?? []
        let left = Set(type.personalFields + changes + (type.once?.ignores ?? []))
        guard hasSameContent(data, known.root["data"], but: left) else { return .other }
        for (name, sequence) in zip(changes, fact?.stated ?? []) where isStated(name, in: data) {
            guard let value = data.member(name) else { continue }
            guard let stated = EntrySequence(padded: sequence).flatMap({ entries.recorded($0) }),
                let earlier = stated.root["data"]?.member(name), earlier.isSame(as: value)
            else { return .changed }
        }
        return .same
    }

    private func isStated(_ name: String, in data: View) -> Bool {
        guard let value = data.member(name) else { return false }
        return !value.isNull
    }

    private func hasSameContent(_ data: View, _ earlier: View?, but left: Set<String>) -> Bool {
        guard let earlier else { return data.count == 0 }
        guard !left.isEmpty else { return data.isSame(as: earlier) }
        return members(of: data, but: left) == members(of: earlier, but: left)
    }

    private func members(of data: View, but left: Set<String>) -> [String: String] {
        var members: [String: String] = [:]
        data.forEachMember { name, value in
            if !left.contains(name) { members[name] = value.canonicalText }
        }
        return members
    }
}

/// Relation of a second event of one fact to the first.
enum FactRelation {
    /// Nothing new: personal members aside, what is known already.
    case same
    /// Other values of members that may change.
    case changed
    /// Something that cannot be true of the same fact.
    case other
}

extension View {
    /// The value in RFC 8785 form.
    var canonicalText: String { unsafe withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) } }
}
