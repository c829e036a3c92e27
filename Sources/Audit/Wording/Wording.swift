import AgentKit
import JSON
import Rules

/// Says entries in words that a person who is no programmer understands. Personal data is never among them: entries
/// hold it sealed.
struct Wording: Sendable {
    let layout: Layout
    /// The ledger's time: that of its newest entry. Times of its year are told without the year.
    var present: Instant?

    /// The persons whose keys are destroyed.
    private let erased: Set<String>

    init(_ layout: Layout, present: Instant? = nil, erased: Set<String> = []) {
        self.layout = layout
        self.erased = erased
        self.present = present
    }

    /// When an entry was recorded.
    func time(of entry: View) -> String {
        entry.instant("recordedtime").map { layout.shortTime($0, present: present) } ?? ""
    }

    /// What happened, in one line, as the event's declaration says it: `F-zoneone fined PKR 39.98`.
    func sentence(_ entry: View) -> String { layout.sentences.text(entry, erased: erased) }
}
