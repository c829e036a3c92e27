package import AgentKit

/// How well a service works.
package struct Quality: Row {
    package var mean: Int64 = 0
    package var reports: Int64 = 0

    package init() {}

    package static let name = "quality"
    package static let fields: [RowField<Quality>] = [.init("mean", \.mean), .init("reports", \.reports)]
}
