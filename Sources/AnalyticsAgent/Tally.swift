package import AgentKit

/// The orders of one area or one product in the present day, week and month; its key is `area/` or `product/` and the id.
package struct Tally: Row {
    /// The periods to which the counts belong.
    package var periods = PresentPeriods()
    package var day: Int64 = 0
    package var week: Int64 = 0
    package var month: Int64 = 0

    package init() {}

    package static let name = "tally"
    package static let fields: RowFields<Tally> = [
        .init("inDay", \.periods.day), .init("inWeek", \.periods.week), .init("inMonth", \.periods.month),
        .init("day", \.day), .init("week", \.week), .init("month", \.month),
    ]

    /// Counts one order; what belongs to a period that is over is dropped.
    mutating func add(in present: PresentPeriods) {
        day = (periods.day == present.day ? day : 0) + 1
        week = (periods.week == present.week ? week : 0) + 1
        month = (periods.month == present.month ? month : 0) + 1
        periods = present
    }

    func count(_ period: Period) -> Int64 {
        switch period {
        case .day: day
        case .week: week
        case .month: month
        }
    }
}
