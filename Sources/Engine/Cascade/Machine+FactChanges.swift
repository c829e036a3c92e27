import AgentKit
import JSON
import Rules

/// What the second event of one fact says of it.
enum FactRelation {
    /// Nothing new: personal members aside, what is known already.
    case same
    /// Other values of members that may change.
    case changed
    /// Something that cannot be true of the same fact.
    case other
}

extension Machine {
    /// Remembers which entry tells the members that may change.
    func begin(_ once: OnceKey, of key: UnsafeRawBufferPointer, with event: Event) {
        let stated = once.changes.map { isStated($0, in: event.data) ? event.sequence.padded : "" }
        let fact = FactRow(last: event.sequence, stated: stated, before: stated)
        unsafe state.facts.set(fact, at: state.facts.place(key))
    }

    /// Notes a later entry of a fact where it changes what may change.
    /// - Returns: false where it repeats or contradicts what is known.
    func change(
        _ once: OnceKey, of key: UnsafeRawBufferPointer, by event: Event, _ type: EventType, _ first: EntrySequence
    ) -> Bool {
        guard !once.changes.isEmpty else { return false }
        let place = unsafe state.facts.place(key)
        guard var fact = unsafe state.facts.row(at: place, key),
            relation(of: event.data, type, to: first, fact) == .changed
        else { return false }
        fact.last = event.sequence
        fact.before = fact.stated
        for (index, name) in once.changes.enumerated() where isStated(name, in: event.data) {
            fact.stated[index] = event.sequence.padded
        }
        state.facts.set(fact, at: place)
        return true
    }

    /// Compares an event's data with what is known of its fact, personal members aside.
    func relation(of data: View, _ type: EventType, to first: EntrySequence, _ fact: FactRow?) -> FactRelation {
        guard let known = recorded(first) else { preconditionFailure("a key that no entry holds") }
        let changes = type.once?.changes ?? []
        let left = Set(type.personalFields + changes + (type.once?.ignores ?? []))
        guard hasSameContent(data, known.root["data"], but: left) else { return .other }
        for (name, sequence) in zip(changes, fact?.stated ?? []) where isStated(name, in: data) {
            guard let value = data.member(name) else { continue }
            guard let stated = EntrySequence(padded: sequence).flatMap({ recorded($0) }),
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

extension View {
    /// The value in RFC 8785 form.
    var canonicalText: String { unsafe withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) } }
}
