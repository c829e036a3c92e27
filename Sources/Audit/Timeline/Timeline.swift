import AgentKit
import Engine
package import EventLog
package import JSON
import Rules

/// The timeline of one subject (an order, a complaint, a user …): every entry that names it and everything that
/// followed from those.
///
/// `SubjectFilter` selects the entries in one pass over the log, `Wording` puts each into a sentence, `TimelineBuilder`
/// makes rows of them and `TimelineRow` lays the rows out in columns.
package struct Timeline: Sendable {
    package let subject: SubjectName
    /// The entries in log order. Personal fields stay sealed, as in the log.
    package let entries: [Document]
    /// The number of the log's entries that were read.
    package let size: UInt64
    let wording: Wording
    let versions: RuleVersions

    /// Reads a log up to and including a moment, or whole.
    /// - Throws: `ReplayError` if the moment is not in the log, or the log cannot be read.
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
        wording = Wording(ruleSets.formatter, present: try log.newestTime, erased: try ErasedPersons.ids(in: log))
    }

    /// The sequences of its entries.
    package var sequences: [UInt64] { entries.map { $0.root.sequence } }

    /// `{entries: [entry …], size, state?, subject, summary?}`, canonical; the entries as recorded.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 1 << 14)
        writer.beginObject()
        writer.key("entries")
        writer.list(entries) { $1.value($0.root) }
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

    /// The subject and its state at the end.
    var headline: Headline? { Headline(of: subject, in: entries, wording) }
}

extension Timeline {
    /// The timeline for people: a headline, then one line an event.
    package var text: String {
        let rows = TimelineBuilder(wording: wording, versions: versions).rows(entries)
        var lines: [String] = []
        if let headline {
            lines.append(headline.line)
        } else {
            lines.append(subject.description)
        }
        lines.append("")
        lines += rows.isEmpty ? ["  nothing is recorded"] : TimelineRow.lines(rows)
        return VisibleText.page(lines) + "\n"
    }
}

/// Summary of a subject and its state, in the sentences of its own events: those whose type begins with the subject's
/// kind, as `complaint.opened` does for `complaint:COMP-001`.
struct Headline {
    /// The id and the sentence of the first event.
    let what: String
    /// The sentence of the last decision after it; empty before there is one.
    let state: String

    /// Nil if no entry is an event of the subject itself.
    /// - Parameter entries: in log order.
    init?(of subject: SubjectName, in entries: [Document], _ wording: Wording) {
        let own = entries.filter { Self.subject(of: $0.root) == subject }
        guard let first = own.first else { return nil }
        what = subject.id + "  " + wording.sentence(first.root)
        state = own.dropFirst().last { $0.root["agent"] != nil }.map { wording.sentence($0.root) } ?? ""
    }

    /// The subject that an entry is an event of: `complaint:COMP-001` for a `complaint.…` with a `complaintId`.
    static func subject(of entry: View) -> SubjectName? {
        guard let type = entry["type"]?.string, !Sentences.ofEngine.isSaid(type),
            let kind = type.split(separator: ".").first.map(String.init),
            let id = entry["data"]?.member(kind + "Id")?.string
        else { return nil }
        return SubjectName(kind: kind, id: id)
    }

    /// The headline on one line.
    var line: String { state.isEmpty ? what : what.padded(72) + " " + state }
}
