import AgentKit

/// How often a report is issued.
package enum Period: String, RowValue, CaseIterable, Sendable {
    case day
    case week
    case month
}
