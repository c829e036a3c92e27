package import AgentKit

/// An order that counts as a purchase once it is paid.
package struct UnpaidOrder: Row {
    package var userId = ""
    package var productId = ""

    package init() {}

    package static let name = "unpaidOrder"
    package static let fields: RowFields<UnpaidOrder> = [
        .init("userId", \.userId), .init("productId", \.productId),
    ]
}
