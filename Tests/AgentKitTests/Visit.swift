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
    var tags: [String] = []
    var totals: [String: Int64] = [:]
    static let name = "visit"
    static let fields: [RowField<Visit>] = [
        .init("id", \.id), .init("count", \.count), .init("isNew", \.isNew), .init("at", \.at), .init("paid", \.paid),
        .init("cause", \.cause), .init("mood", \.mood), .init("note", \.note), .init("tags", \.tags),
        .init("totals", \.totals),
    ]
}
