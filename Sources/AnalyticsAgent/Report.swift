package import AgentKit

/// The last report of a period.
package struct Report: Row {
    package var date = ""

    package init() {}

    package static let name = "report"
    package static let fields: [RowField<Report>] = [.init("date", \.date)]
}
