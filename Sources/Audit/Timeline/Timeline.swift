import AgentKit
package import Engine
package import EventLog
package import JSON

/// The story of one order, complaint, user …: every entry that names it and all that followed from those.
package struct Timeline: Sendable {
    package let subject: SubjectName
    /// The entries in log order. Personal fields are sealed, as the log holds them.
    package let entries: [Document]
    /// The number of entries of the log that were read.
    package let size: UInt64
    let wording: Wording
    let versions: RuleVersions

    /// Reads a log up to a moment, or whole.
    package init(
        of subject: SubjectName, in log: EventLog, upTo moment: Moment? = nil
    ) throws(ReplayError) {
        let size = try moment.map { moment throws(ReplayError) in try log.position(after: moment) } ?? log.size
        var filter = SubjectFilter(subject)
        var entries: [Document] = []
        var facts = CaseFacts()
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: 0, to: size) { sequence, bytes in
                guard let entry = unsafe filter.take(sequence, bytes) else { return true }
                entries.append(entry)
                facts.note(entry.root)
                return true
            }
        }
        for complaint in facts.complaints.values where facts.orders[complaint.orderId] == nil {
            try Self.find(order: complaint.orderId, in: log, end: size, &facts)
        }
        self.subject = subject
        self.entries = entries
        self.size = size
        let ruleSets = try RuleSetHistory(log, end: size)
        versions = ruleSets.versions
        wording = Wording(ruleSets.layout, facts, present: try log.newestTime)
    }

    /// Looks up the order that a complaint is about.
    private static func find(
        order id: String, in log: EventLog, end: UInt64, _ facts: inout CaseFacts
    ) throws(ReplayError) {
        let needle = EntryNeedle(token: id)
        var found = facts
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: 0, to: end) { _, bytes in
                guard unsafe accepted.ends(bytes) && needle.isFound(in: bytes),
                    let entry = try? unsafe Document(canonical: bytes),
                    entry.root["data"]?["orderId"]?.equals(id) == true
                else { return true }
                found.note(entry.root)
                return false
            }
        }
        facts = found
    }

    private static let accepted = EntryNeedle(#""type":"order.accepted"}"#)

    /// The sequences of its entries.
    package var sequences: [UInt64] { entries.map { $0.root.sequence } }

    /// `{entries: [entry …], size, state?, subject, summary?}`, canonical; the entries as they are recorded.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 1 << 14)
        writer.beginObject()
        writer.key("entries")
        writer.beginArray()
        for entry in entries { writer.value(entry.root) }
        writer.endArray()
        writer.key("size")
        writer.int(Int64(clamping: size))
        let headline = headline
        if let headline {
            writer.key("state")
            writer.string(headline.state)
        }
        writer.key("subject")
        writer.string(subject.description)
        if let headline {
            writer.key("summary")
            writer.string(headline.what)
        }
        writer.endObject()
        return writer.bytes
    }

    /// What the subject is, and how it stands at the end.
    var headline: (what: String, state: String)? {
        switch subject.kind {
        case "complaint": wording.headline(complaint: subject.id)
        case "order": wording.headline(order: subject.id)
        default: nil
        }
    }
}
