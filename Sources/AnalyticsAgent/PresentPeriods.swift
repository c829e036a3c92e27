package import AgentKit

/// The numbers of the present day, week and month, counted from the ledger's first: one row.
package struct PresentPeriods: Row {
    package var day: Int64 = 0
    package var week: Int64 = 0
    package var month: Int64 = 0

    package init() {}

    package static let name = "presentPeriods"
    package static let fields: RowFields<PresentPeriods> = [
        .init("day", \.day), .init("week", \.week), .init("month", \.month),
    ]

    static let only = "present"

    subscript(_ period: Period) -> Int64 {
        get {
            switch period {
            case .day: day
            case .week: week
            case .month: month
            }
        }
        set {
            switch period {
            case .day: day = newValue
            case .week: week = newValue
            case .month: month = newValue
            }
        }
    }
}
