import AgentKit
import JSON
import Rules

/// What a story is about and how it stands, in the words of its own events: those whose type begins with the subject's kind,
/// as `complaint.opened` does for `complaint:COMP-001`.
struct Headline {
    /// The id, and the sentence of the first event.
    let what: String
    /// The sentence of the last decision after it; empty before there is one.
    let state: String

    /// Nil where no entry is an event of the subject's own.
    /// - Parameter entries: in log order.
    init?(of subject: SubjectName, in entries: [Document], _ wording: Wording) {
        let own = entries.filter { Self.subject(of: $0.root) == subject }
        guard let first = own.first else { return nil }
        what = subject.id + "  " + wording.sentence(first.root)
        state = own.dropFirst().last { $0.root["agent"] != nil }.map { wording.sentence($0.root) } ?? ""
    }

    /// What an entry is an event of: `complaint:COMP-001` for a `complaint.…` with a `complaintId`.
    static func subject(of entry: View) -> SubjectName? {
        guard let type = entry["type"]?.string, !Sentences.ofEngine.isSaid(type),
            let kind = type.split(separator: ".").first.map(String.init),
            let id = entry["data"]?.member(kind + "Id")?.string
        else { return nil }
        return SubjectName(kind: kind, id: id)
    }

    /// One line of a page.
    var line: String { state.isEmpty ? what : what.padded(72) + " " + state }
}
