package import AgentKit

/// All purchases ever: one row.
package struct PurchaseCount: Row {
    package var purchases: Int64 = 0

    package init() {}

    package static let name = "purchaseCount"
    package static let fields: RowFields<PurchaseCount> = [.init("purchases", \.purchases)]

    static let only = "all"
}
