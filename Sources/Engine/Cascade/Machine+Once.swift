import AgentKit
import EventLog
import JSON
import Rules

/// Facts that happen once: what a type's `once` makes of the second event that tells of one, under whatever id it comes.
///
/// The first entry of a key holds it from the moment it is folded, whatever is decided on it, so that replaying the log
/// gives the same index. A later entry of the key is recorded and answered; no reducer folds it and no rule sees it.
extension Machine {
    /// Gives an entry the key of its fact.
    /// - Returns: the earlier entry that holds the key; nil where it is the first of its fact, or tells none.
    func claim(_ once: OnceKey, for event: Event, _ type: EventType) -> EntrySequence? {
        guard let key = factKey(once, of: event.data, type) else { return nil }
        return unsafe key.withUnsafeBytes { key in
            let place = unsafe state.onceKeys.place(key)
            if let holder = unsafe state.onceKeys.row(at: place, key) { return holder.first }
            state.onceKeys.set(OnceRow(first: event.sequence), at: place)
            return nil
        }
    }

    /// Answers an entry whose fact an earlier one told: `trigger.repeated` where both say the same,
    /// `trigger.contradicted` and an alert where they differ.
    func answer(
        repetitionOf holder: EntrySequence, _ step: Step, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard let earlier = recorded(holder), let values = step.type.once?.values(in: step.event.data) else {
            preconditionFailure("a key that no entry holds")
        }
        let isSame = hasSameContent(step.event.data, earlier.root["data"], step.type)
        let texts = values.map { $0.string ?? $0.canonicalText }
        guard !isSame else {
            return try append(
                TriggerRepeatedData(first: holder.padded, key: texts, type: step.type.name), step: step, head: head,
                first: first)
        }
        try append(
            TriggerContradictedData(first: holder.padded, key: texts, type: step.type.name), step: step, head: head,
            first: first)
        try alert(
            "contradicted:" + step.event.sequence.padded, severity: "warning",
            what: "`\(step.type.name)` says other things than entry \(holder.value) of the same fact",
            reference: step.event.subject, step: step, head: head, first: first)
    }

    /// Enters the facts that the log tells already, where a rule set is about to be in force that asks about them as the
    /// one before did not; the first of a key holds it.
    func indexFacts(of ruleSet: RuleSet) {
        guard let before = self.ruleSet, before !== ruleSet, !isEmpty else { return }
        let changed = ruleSet.eventTypes.filter { type in
            type.once != nil && type.once != before.eventType(named: type.name)?.once
        }
        guard !changed.isEmpty else { return }
        for sequence in 0..<(replaying ?? next).value {
            guard let entry = recorded(EntrySequence(sequence)), let name = entry.root["type"]?.string,
                let type = changed.first(where: { $0.name == name }), let once = type.once, let event = Event(entry)
            else { continue }
            _ = claim(once, for: event, type)
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

    /// Compares two events' data, personal members aside.
    private func hasSameContent(_ data: View, _ earlier: View?, _ type: EventType) -> Bool {
        guard let earlier else { return data.count == 0 }
        guard !type.personalFields.isEmpty else { return data.isSame(as: earlier) }
        return publicMembers(data, type) == publicMembers(earlier, type)
    }

    private func publicMembers(_ data: View, _ type: EventType) -> [String: String] {
        var members: [String: String] = [:]
        data.forEachMember { name, value in
            if !type.personalFields.contains(name) { members[name] = value.canonicalText }
        }
        return members
    }
}

extension View {
    /// The value in RFC 8785 form.
    fileprivate var canonicalText: String {
        unsafe withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
