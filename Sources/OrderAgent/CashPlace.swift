import AgentKit

/// An order whose cash a rider holds.
struct CashPlace: Row {
    var orderId = ""
    var since = Instant.earliest

    static let name = "cashPlace"
    static let fields: RowFields<CashPlace> = [.init("orderId", \.orderId), .init("since", \.since)]

    /// `U-bilal/PKR/`, which begins the keys of all that a rider holds in a currency.
    static func prefix(_ riderId: String, _ currency: String) -> String { riderId + "/" + currency + "/" }

    /// In order of placing. Times are counted from the earliest one, so that texts sort as they do.
    static func key(_ riderId: String, _ order: Order) -> String {
        let digits = String(order.placedAt.milliseconds - Instant.earliest.milliseconds)
        let padded = String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
        return prefix(riderId, order.currency) + padded + "/" + order.id
    }
}
