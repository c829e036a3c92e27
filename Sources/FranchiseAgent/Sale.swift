package import AgentKit

/// The sale of a franchise.
package struct Sale: Row {
    package var id = ""
    package var franchiseId = ""
    package var buyerId = ""
    package var price = Amount.zero
    package var currency = ""
    package var status = SaleStatus.accepted

    package init() {}

    package static let name = "sale"
    package static let fields: RowFields<Sale> = [
        .init("id", \.id), .init("franchiseId", \.franchiseId), .init("buyerId", \.buyerId),
        .init("price", \.price), .init("currency", \.currency), .init("status", \.status),
    ]
}
