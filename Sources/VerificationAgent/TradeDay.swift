import AgentKit

/// What a day brought a person, as seller or provider and as buyer.
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
