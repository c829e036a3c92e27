package import AgentKit

/// A running counter; its key is its group and its name: `orders/settled`, `fees/PKR`.
package struct Counter: Row {
    package var total: Int64 = 0
    /// What it was when the present day began.
    package var atDay: Int64 = 0
    package var atWeek: Int64 = 0
    package var atMonth: Int64 = 0

    package init() {}

    package static let name = "counter"
    package static let fields: RowFields<Counter> = [
        .init("total", \.total), .init("atDay", \.atDay), .init("atWeek", \.atWeek), .init("atMonth", \.atMonth),
    ]

    /// What was added since the period began; the next one begins.
    mutating func close(_ period: Period) -> Int64 {
        let start: WritableKeyPath<Counter, Int64> =
            switch period {
            case .day: \.atDay
            case .week: \.atWeek
            case .month: \.atMonth
            }
        defer { self[keyPath: start] = total }
        return total &- self[keyPath: start]
    }
}
