package import AgentKit

/// The figures of the last period that ended; its key is `day`, `week` or `month`.
package struct Report: Row {
    /// The first day after the period.
    package var date = ""
    /// Orders by what became of them in the period.
    package var orders: [String: Int64] = [:]
    /// Money released to those who earned it, by currency.
    package var turnover: [String: Int64] = [:]
    /// The platform's fees, less those taken back, by currency.
    package var fees: [String: Int64] = [:]
    /// Fines imposed, by currency.
    package var fines: [String: Int64] = [:]
    /// Complaints opened, refused, escalated, frozen, and closed by outcome.
    package var complaints: [String: Int64] = [:]
    /// All users by level, at its end.
    package var users: [String: Int64] = [:]
    /// Areas with the most orders, first the one with the most.
    package var areas: [String] = []
    package var products: [String] = []
    package var ordersEnded: Int64 = 0
    /// Of those ended, the ones in which an administrator had a hand.
    package var ordersManual: Int64 = 0
    package var complaintsEnded: Int64 = 0
    /// Of those ended, the ones that the table of clear cases did not decide.
    package var complaintsManual: Int64 = 0
    /// Decisions by agent that reports of this period have told, ever.
    package var decisions: [String: Int64] = [:]
    package var failures: [String: Int64] = [:]

    package init() {}

    package static let name = "report"
    package static let fields: RowFields<Report> = [
        .init("date", \.date), .init("orders", \.orders), .init("turnover", \.turnover), .init("fees", \.fees),
        .init("fines", \.fines), .init("complaints", \.complaints), .init("users", \.users), .init("areas", \.areas),
        .init("products", \.products), .init("ordersEnded", \.ordersEnded), .init("ordersManual", \.ordersManual),
        .init("complaintsEnded", \.complaintsEnded), .init("complaintsManual", \.complaintsManual),
        .init("decisions", \.decisions), .init("failures", \.failures),
    ]

    /// Adds what the report that was issued said of the agents.
    mutating func tell(_ report: ReportIssued) {
        for (agent, counts) in report.agents {
            decisions[agent, default: 0] += counts.decisions
            failures[agent, default: 0] += counts.failures
        }
    }
}

/// The period of a report.
package enum Period: String, RowValue, CaseIterable, Sendable {
    case day
    case week
    case month
}

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
