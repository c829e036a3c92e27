import AgentKit
import EventLog
import JSON
import Rules

/// Facts that happen once: what a type's `once` makes of the second event that tells of one, under whatever id it comes.
///
/// The first entry of a key holds it from the moment it is folded, whatever is decided on it, so that replaying the log
/// gives the same index. A later entry of the key is recorded and answered, and no rule sees it.
extension Machine {
    /// Gives an entry the key of its fact, unless an earlier one holds it.
    func take(_ once: OnceKey, of event: Event, _ type: EventType) {
        guard let key = factKey(once, of: event.data, type) else { return }
        unsafe key.withUnsafeBytes { key in
            let place = unsafe state.onceKeys.place(key)
            guard unsafe state.onceKeys.row(at: place, key) == nil else { return }
            state.onceKeys.set(OnceRow(first: event.sequence), at: place)
        }
    }

    /// Answers an entry whose fact an earlier one told: `trigger.repeated` where both say the same,
    /// `trigger.contradicted` and an alert where they differ.
    /// - Returns: false where the entry is the first of its fact, or tells none.
    func answer(
        _ once: OnceKey, _ step: Step, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) -> Bool {
        guard let key = factKey(once, of: step.event.data, step.type),
            let holder = unsafe key.withUnsafeBytes({ unsafe state.onceKeys.row($0) })?.first,
            holder != step.event.sequence, let earlier = recorded(holder)
        else { return false }
        let isSame = hasSameContent(step.event.data, earlier.root["data"], step.type)
        let values = once.values(in: step.event.data) ?? []
        try engineDecision(
            isSame ? "trigger.repeated" : "trigger.contradicted", step: step, head: head, first: first
        ) { writer in
            writer.key("first")
            writer.string(holder.padded)
            writer.key("key")
            writer.beginArray()
            for value in values { writer.string(value.string ?? value.canonicalText) }
            writer.endArray()
            writer.key("type")
            writer.string(step.type.name)
        }
        guard !isSame else { return true }
        try alert(
            "contradicted:" + step.event.sequence.padded, severity: "warning",
            what: "`\(step.type.name)` says other things than entry \(holder.value) of the same fact",
            reference: step.event.subject, step: step, head: head, first: first)
        return true
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
            take(once, of: event, type)
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

    /// Whether two events' data is the same but for what is personal.
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
