import AgentKit

/// A row with a column of every kind.
struct Visit: Row, Equatable {
    enum Mood: String, RowValue { case good, bad }

    var id = ""
    var count: Int64 = 0
    var isNew = false
    var at = Instant(milliseconds: 0)
    var paid = Amount(0)
    var cause = EntrySequence(0)
    var mood = Mood.good
    var note: String?
    var left: Instant?
    var seats: Int64?
    var lastMood: Mood?
    var tags: [String] = []
    var totals: [String: Int64] = [:]
    static let name = "visit"
    static let fields: RowFields<Visit> = [
        .init("id", \.id), .init("count", \.count), .init("isNew", \.isNew), .init("at", \.at), .init("paid", \.paid),
        .init("cause", \.cause), .init("mood", \.mood), .init("note", \.note), .init("tags", \.tags),
        .init("totals", \.totals), .init("left", \.left), .init("seats", \.seats), .init("lastMood", \.lastMood),
        .init("isGood", \.isGood), .init("guide", \.guide),
    ]
}

extension Visit {
    /// Columns may be computed.
    var isGood: Bool {
        get { mood == .good }
        set { mood = newValue ? .good : .bad }
    }

    var guide: String? {
        get { tags.first { $0.hasPrefix("guide:") } }
        set {
            tags.removeAll { $0.hasPrefix("guide:") }
            if let newValue { tags.append(newValue) }
        }
    }
}
