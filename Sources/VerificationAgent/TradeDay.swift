import AgentKit

/// What a seller's day brought.
struct TradeDay: Row {
    /// Orders paid for.
    var orders: Int64 = 0
    /// Complaints opened and not rejected.
    var complaints: Int64 = 0

    static let name = "tradeDay"
    static let fields: RowFields<TradeDay> = [.init("orders", \.orders), .init("complaints", \.complaints)]

    static func key(_ user: String, _ day: Int64) -> String { user + "/" + String(day) }

    /// The day of a moment, counted from 1970-01-01 in UTC.
    static func number(of time: Instant) -> Int64 {
        let milliseconds = time.milliseconds
        return (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000
    }
}
