import AgentKit
import Engine
import EventLog
import JSON

/// Entries that an explanation tells beside the causes and consequences of its own.
struct RelatedEntries {
    /// Two entries that told one fact.
    struct Repetition {
        let first: Document
        let again: Document
        /// The members of the data that tell which fact it is.
        let key: [String]
        /// False where the second says something else.
        let isSame: Bool
    }

    /// An administrator's attempt to have a given-up event decided after all.
    struct Attempt {
        let retry: Document
        /// The decisions that the rules made on the event this time.
        let decisions: [Document]
    }

    var repetition: Repetition?
    /// The dead letter that the entry is or led to.
    var deadLetter: Document?
    var attempts: [Attempt] = []
    /// The complaint, the fine or the debt that the entry names and that is none of its causes, with what led to it.
    var origins: [Document] = []
    /// Reasons that rules gave for acting on the timers among the causes, by the timers' sequences.
    var reasons: [UInt64: String] = [:]

    static let none = RelatedEntries()
}

extension Explainer {
    /// The members that name what an entry goes back to, the nearest first.
    private static let originMembers = ["debtId", "fineId", "complaintId"]
    /// Entries looked through for the reason of one timer.
    private static let reasonEntriesMax: UInt64 = 32

    /// - Parameters:
    ///   - path: the causes of the entry, the first one first.
    ///   - cascade: the trigger and the decisions after it.
    func related(
        to entry: Document, _ path: [Document], _ cascade: [Document]
    ) throws(ReplayError) -> RelatedEntries {
        var related = RelatedEntries()
        related.repetition = try repetition(in: entry.root["agent"] == nil ? cascade : [entry])
        let isTriggers = entry.root["agent"] == nil || DeadletterAdded(of: entry.root) != nil
        related.deadLetter = isTriggers ? cascade.first { DeadletterAdded(of: $0.root) != nil } : nil
        if related.deadLetter != nil { related.attempts = try attempts(at: cascade[0]) }
        related.origins = try origins(of: entry, path)
        for timer in path + [entry] where TimerFired(of: timer.root) != nil {
            related.reasons[timer.root.sequence] = try reason(for: timer)
        }
        return related
    }

    // MARK: What came twice

    private func repetition(in cascade: [Document]) throws(ReplayError) -> RelatedEntries.Repetition? {
        for answer in cascade {
            let repeated = TriggerRepeated(of: answer.root)
            let contradicted = TriggerContradicted(of: answer.root)
            guard let number = repeated?.first ?? contradicted?.first,
                let first = EntrySequence(padded: number), first.value < answer.root.sequence,
                let cause = EntryLinks(answer.root).cause, cause < answer.root.sequence,
                let holder = try log.document(first.value), let again = try log.document(cause)
            else { continue }
            return RelatedEntries.Repetition(
                first: holder, again: again, key: repeated?.key ?? contradicted?.key ?? [], isSame: repeated != nil)
        }
        return nil
    }

    // MARK: Dead letters

    private func attempts(at trigger: Document) throws(ReplayError) -> [RelatedEntries.Attempt] {
        let sequence = trigger.root.sequence
        var retries: [Document] = []
        let retried = BytePattern(entryType: "deadletter.retried")
        try reading { () throws(EventLogError) in
            unsafe try EntrySearch(log).scan(from: sequence + 1, words: ["deadletter.retried"]) { _, bytes in
                guard unsafe retried.ends(bytes), let entry = try? unsafe Document(canonical: bytes),
                    Self.retried(by: entry) == sequence
                else { return true }
                retries.append(entry)
                return true
            }
        }
        var attempts: [RelatedEntries.Attempt] = []
        for retry in retries {
            let decisions = Array(try cascade(from: retry).dropFirst())
            attempts.append(RelatedEntries.Attempt(retry: retry, decisions: decisions))
        }
        return attempts
    }

    // MARK: What it goes back to

    /// The first entry with the id that an entry names of a debt, a fine or a complaint, with the causes of that entry, as
    /// far as they are not the entry's own.
    private func origins(of entry: Document, _ path: [Document]) throws(ReplayError) -> [Document] {
        let own = Set((path + [entry]).map { $0.root.sequence })
        guard let data = entry.root["data"] else { return [] }
        for member in Self.originMembers {
            guard let id = data.member(member)?.string, !id.isEmpty else { continue }
            guard let first = try firstEntry(naming: id, as: member, before: entry.root.sequence) else { continue }
            let story = try self.path(to: first) + [first]
            return own.contains(first.root.sequence) ? [] : story.filter { !own.contains($0.root.sequence) }
        }
        return []
    }

    private func firstEntry(
        naming id: String, as member: String, before end: UInt64
    ) throws(ReplayError) -> Document? {
        let pattern = BytePattern(token: id)
        var found: Document?
        try reading { () throws(EventLogError) in
            unsafe try EntrySearch(log).scan(to: end, words: [id]) { _, bytes in
                guard unsafe pattern.isFound(in: bytes), let entry = try? unsafe Document(canonical: bytes),
                    entry.root["data"]?.member(member)?.equals(id) == true
                else { return true }
                found = entry
                return false
            }
        }
        return found
    }

    // MARK: Reasons of timers

    private func reason(for timer: Document) throws(ReplayError) -> String? {
        let sequence = timer.root.sequence
        var found: String?
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: sequence + 1, to: sequence + 1 + Self.reasonEntriesMax) { _, bytes in
                guard let entry = try? unsafe Document(canonical: bytes), entry.root["agent"] != nil else {
                    return false
                }
                if EntryLinks(entry.root).cause == sequence { found = entry.root["because"]?.string }
                return found == nil
            }
        }
        return found
    }
}
