import AgentKit

/// The first of a list that may be long, and how long it is.
struct Excerpt {
    private let most: Int64
    private var count: Int64 = 0
    private var items: [Value] = []

    init(most: Int64) { self.most = most }

    mutating func add(_ members: () -> [(String, Value)]) {
        if count < most { items.append(.map(MapValue(members()))) }
        count += 1
    }

    var celValue: Value { .map(MapValue([("count", .int(count)), ("items", .list(items))])) }
}
