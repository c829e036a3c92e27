package import AgentKit

/// A running counter; its key is its group and its name: `orders/settled`, `fees/PKR`. Sums of money have no end, so that
/// its figures are wide.
package struct Counter: Row {
    package var total = Total.zero
    /// What it was when the present day began.
    package var atDay = Total.zero
    package var atWeek = Total.zero
    package var atMonth = Total.zero

    package init() {}

    package static let name = "counter"
    package static let fields: RowFields<Counter> = [
        .init("total", \.total), .init("atDay", \.atDay), .init("atWeek", \.atWeek), .init("atMonth", \.atMonth),
    ]

    /// What was added since the period began; the next one begins.
    mutating func close(_ period: Period) -> Total {
        let start: WritableKeyPath<Counter, Total> =
            switch period {
            case .day: \.atDay
            case .week: \.atWeek
            case .month: \.atMonth
            }
        defer { self[keyPath: start] = total }
        return total - self[keyPath: start]
    }
}
