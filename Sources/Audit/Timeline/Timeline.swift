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
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: 0, to: size) { sequence, bytes in
                guard let entry = unsafe filter.take(sequence, bytes) else { return true }
                entries.append(entry)
                return true
            }
        }
        self.subject = subject
        self.entries = entries
        self.size = size
        let ruleSets = try RuleSetHistory(log, end: size)
        versions = ruleSets.versions
        wording = Wording(ruleSets.layout, present: try log.newestTime, erased: try ErasedPersons.ids(in: log))
    }

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
    var headline: Headline? { Headline(of: subject, in: entries, wording) }
}
