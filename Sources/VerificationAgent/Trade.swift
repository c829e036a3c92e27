package import AgentKit

/// An order or a service request between its acceptance and its end.
package struct Trade: Row {
    /// The kind of account that holds its money: `escrow` or `service`.
    package var holder = "escrow"
    package var buyerId = ""
    /// The seller, or the provider of a service where that is known.
    package var sellerId: String?
    /// The rider, once the goods are on their way.
    package var riderId: String?
    package var currency = ""
    package var since = Instant.earliest
    package var hasOpenComplaint = false
    /// Indicates that its complaint ended with a partial refund, after which the order goes on.
    package var isPartlyRefunded = false

    package init() {}

    package static let name = "trade"
    package static let fields: RowFields<Trade> = [
        .init("holder", \.holder), .init("buyerId", \.buyerId), .init("sellerId", \.sellerId),
        .init("riderId", \.riderId),
        .init("currency", \.currency), .init("since", \.since), .init("hasOpenComplaint", \.hasOpenComplaint),
        .init("isPartlyRefunded", \.isPartlyRefunded),
    ]

    /// An order and a service request may have the same id.
    static func key(order id: String) -> String { "escrow/" + id }

    static func key(service id: String) -> String { "service/" + id }
}

/// A person's trades and complaints of one day, as seller or provider and as buyer.
struct TradeDay: Row {
    /// Orders and requests of others that were paid for.
    var orders: Int64 = 0
    /// Complaints of others that were opened and not rejected.
    var complaints: Int64 = 0
    /// Orders and requests of their own that were paid for.
    var bought: Int64 = 0
    /// Complaints of their own, however they ended.
    var complained: Int64 = 0

    static let name = "tradeDay"
    static let fields: RowFields<TradeDay> = [
        .init("orders", \.orders), .init("complaints", \.complaints), .init("bought", \.bought),
        .init("complained", \.complained),
    ]

    static func key(_ user: String, _ day: Int64) -> String { user + "/" + String(day) }

    /// The day of a moment, counted from 1970-01-01 in UTC.
    static func number(of time: Instant) -> Int64 {
        let milliseconds = time.milliseconds
        return (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000
    }
}

/// A complaint against a seller or provider: the day it was opened, and whether it counts, which a rejected one does
/// not.
package struct CountedComplaint: Row {
    package var buyerId = ""
    package var sellerId = ""
    /// The trade it is about, by `Trade.key`.
    package var trade = ""
    package var isOpen = false
    /// Counted like `TradeDay.number`.
    package var day: Int64 = 0
    package var counts = true
    /// The seller's trust before the complaint cost some.
    package var trust: Int64 = 0
    /// The number of times it was closed as rejected: an override may close it again.
    package var rejections: Int64 = 0

    package init() {}

    package static let name = "countedComplaint"
    package static let fields: RowFields<CountedComplaint> = [
        .init("buyerId", \.buyerId), .init("sellerId", \.sellerId), .init("trade", \.trade), .init("isOpen", \.isOpen),
        .init("day", \.day), .init("counts", \.counts), .init("trust", \.trust), .init("rejections", \.rejections),
    ]
}
