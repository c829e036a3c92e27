package import AgentKit

/// Where an order's money went when it left escrow, and is still: what an override takes back, once.
package struct Release: Row {
    package var orderId = ""
    package var parts: [ReleasePart] = []
    /// The sum of the parts.
    package var total = Amount.zero
    /// The entry by which it left escrow; a franchise's part is that of its owner then.
    package var sequence = ""

    package init() {}

    package static let name = "release"
    package static let fields: RowFields<Release> = [
        .init("orderId", \.orderId), .init("parts", \.parts), .init("total", \.total),
        .init("sequence", \.sequence),
    ]
}
