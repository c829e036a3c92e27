package import AgentKit

/// Running counters, and the figures of the periods that ended last.
package struct AnalyticsState {
    /// By period: `day`, `week`, `month`.
    package let reports: Table<Report>
    package let counters: Table<Counter>
    package let periods: Table<PresentPeriods>
    package let tallies: Table<Tally>
    package let leaders: Table<Leaders>
    package let orders: Table<OrderTrace>
    package let complaints: Table<ComplaintTrace>
    package let levels: Table<UserLevel>

    init(in tables: TableSet) {
        reports = tables.table("reports")
        counters = tables.table("counters", isProjection: false)
        periods = tables.table("presentPeriods", isProjection: false)
        tallies = tables.table("tallies", isProjection: false)
        leaders = tables.table("leaders", isProjection: false)
        orders = tables.table("orderTraces", isProjection: false)
        complaints = tables.table("complaintTraces", isProjection: false)
        levels = tables.table("userLevels", isProjection: false)
    }
}

/// A running counter; its key is its group and its name: `orders/settled`, `fees/PKR`. Sums of money have no end, so that
/// its figures are wide.
package struct Counter: Row {
    package var total = Total.zero
    /// The total when the present day began.
    package var atDay = Total.zero
    package var atWeek = Total.zero
    package var atMonth = Total.zero

    package init() {}

    package static let name = "counter"
    package static let fields: RowFields<Counter> = [
        .init("total", \.total), .init("atDay", \.atDay), .init("atWeek", \.atWeek), .init("atMonth", \.atMonth),
    ]

    /// Ends a period and returns what was added since it began.
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

/// The facts that count for the automation rate of orders.
package struct OrderTrace: Row {
    /// Indicates that an administrator had a hand in it.
    package var isManual = false
    /// Indicates that a refund returns only a part, and settling follows.
    package var isPartlyRefunded = false
    package var isEnded = false

    package init() {}

    package static let name = "orderTrace"
    package static let fields: RowFields<OrderTrace> = [
        .init("isManual", \.isManual), .init("isPartlyRefunded", \.isPartlyRefunded), .init("isEnded", \.isEnded),
    ]
}

/// The facts that count for the automation rate of complaints.
package struct ComplaintTrace: Row {
    /// Indicates that an administrator had a hand in it.
    package var isManual = false
    package var isEnded = false

    package init() {}

    package static let name = "complaintTrace"
    package static let fields: RowFields<ComplaintTrace> = [
        .init("isManual", \.isManual), .init("isEnded", \.isEnded),
    ]
}

/// The level under which a user is counted.
package struct UserLevel: Row {
    package var level = "free"

    package init() {}

    package static let name = "userLevel"
    package static let fields: RowFields<UserLevel> = [.init("level", \.level)]
}
