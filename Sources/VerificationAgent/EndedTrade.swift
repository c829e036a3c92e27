import AgentKit

/// The end of a trade, and the person on whose record it goes.
enum TradeEnd {
    /// Cancelled by the buyer or the seller; by an administrator, it goes on nobody's record.
    case cancelled(by: String)
    case withoutCount
    case turning(TurningEnd)
}

/// An end of an order that something later may turn: a correction, or the rest of a dispute.
enum TurningEnd: String, RowValue, CaseIterable {
    case settled
    /// A complaint took all the money back: it came to nothing through the seller.
    case upheld
    /// The money went back otherwise, to nobody's record.
    case refunded
}

/// An order that has ended so; the key is that of the trade.
struct EndedTrade: Row {
    var buyerId = ""
    var sellerId: String?
    var end = TurningEnd.settled

    static let name = "endedTrade"
    static let fields: RowFields<EndedTrade> = [
        .init("buyerId", \.buyerId), .init("sellerId", \.sellerId), .init("end", \.end),
    ]
}

extension VerificationState {
    /// Ends a trade; of one that has ended in a way that may turn the last end counts.
    func end(_ key: String, _ end: TradeEnd) {
        if let trade = trades[key] {
            trades[key] = nil
            for hand in trade.hands { standings.upsert(hand) { $0[keyPath: trade.column] -= 1 } }
            count(end, of: trade, 1)
            note(trade, key, end)
        } else if let before = endedTrades[key], case .turning = end {
            var trade = Trade()
            trade.buyerId = before.buyerId
            trade.sellerId = before.sellerId
            count(.turning(before.end), of: trade, -1)
            count(end, of: trade, 1)
            note(trade, key, end)
        }
    }

    private func note(_ trade: Trade, _ key: String, _ end: TradeEnd) {
        guard case .turning(let end) = end else { return }
        endedTrades[key] = EndedTrade(buyerId: trade.buyerId, sellerId: trade.sellerId, end: end)
    }

    private func count(_ end: TradeEnd, of trade: Trade, _ change: Int64) {
        for party in trade.parties {
            standings.upsert(party) {
                switch end {
                case .turning(.settled): $0.settledOrders += change
                case .cancelled(by: "buyer") where party == trade.buyerId: $0.lostOrders += change
                case .cancelled(by: "seller") where party == trade.sellerId: $0.lostOrders += change
                case .turning(.upheld) where party == trade.sellerId: $0.lostOrders += change
                case .cancelled, .turning, .withoutCount: break
                }
            }
        }
    }
}
