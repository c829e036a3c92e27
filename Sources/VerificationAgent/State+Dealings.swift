import AgentKit

/// How a trade ended, and whose record it goes on.
enum TradeEnd {
    case settled
    /// It came to nothing through the buyer or the seller; through an administrator, nobody's record shows it.
    case cancelled(by: String)
    case withoutCount
}

extension Trade {
    init(_ order: OrderAccepted, at time: Instant) {
        buyerId = order.buyerId
        sellerId = order.sellerId
        currency = order.currency
        since = time
    }

    init(_ request: ServiceAccepted, at time: Instant) {
        holder = "service"
        buyerId = request.userId
        currency = request.currency
        since = time
    }

    /// Who takes part; one person may be on both sides.
    var parties: [String] { sellerId.map { $0 == buyerId ? [$0] : [buyerId, $0] } ?? [buyerId] }
}

extension VerificationState {
    func open(_ trade: Trade, _ key: String) {
        if trades.contains(key) { end(key, .withoutCount) }
        trades[key] = trade
        for party in trade.parties { standings.upsert(party) { $0.openOrders += 1 } }
    }

    func countOrder(_ id: String, on day: Int64) {
        guard let seller = trades[Trade.key(order: id)]?.sellerId else { return }
        tradeDays.upsert(TradeDay.key(seller, day)) { $0.orders += 1 }
    }

    func end(_ key: String, _ end: TradeEnd) {
        guard let trade = trades[key] else { return }
        trades[key] = nil
        for party in trade.parties {
            standings.upsert(party) {
                $0.openOrders -= 1
                if trade.hasOpenComplaint { $0.openComplaints -= 1 }
                switch end {
                case .settled: $0.settledOrders += 1
                case .cancelled(by: "buyer") where party == trade.buyerId: $0.lostOrders += 1
                case .cancelled(by: "seller") where party == trade.sellerId: $0.lostOrders += 1
                case .cancelled, .withoutCount: break
                }
            }
        }
    }

    // MARK: Complaints

    func openComplaint(_ event: ComplaintOpened, on day: Int64) {
        let seller = event.sellerId
        var complaint = CountedComplaint()
        complaint.sellerId = seller
        complaint.day = day
        complaint.trust = users[seller]?.trustScore ?? 0
        countedComplaints[event.complaintId] = complaint
        tradeDays.upsert(TradeDay.key(seller, day)) { $0.complaints += 1 }
        setOpenComplaint(event.orderId, true)
    }

    /// An override may close a complaint a second time: the last outcome counts. One that takes all the money back ends
    /// the order, to the seller's record.
    func closeComplaint(_ event: ComplaintClosed) {
        let isUpheld = event.outcome != "rejected"
        count(event.complaintId, isUpheld)
        if !isUpheld { countedComplaints.update(event.complaintId) { $0.rejections += 1 } }
        setOpenComplaint(event.orderId, false)
        if isUpheld, event.outcome != "partial" {
            end(Trade.key(order: event.orderId), .cancelled(by: "seller"))
        }
    }

    private func count(_ id: String, _ counts: Bool) {
        guard let complaint = countedComplaints[id], complaint.counts != counts else { return }
        countedComplaints.update(id) { $0.counts = counts }
        tradeDays.upsert(TradeDay.key(complaint.sellerId, complaint.day)) { $0.complaints += counts ? 1 : -1 }
    }

    private func setOpenComplaint(_ id: String, _ isOpen: Bool) {
        let key = Trade.key(order: id)
        guard let trade = trades[key], trade.hasOpenComplaint != isOpen else { return }
        trades.update(key) { $0.hasOpenComplaint = isOpen }
        for party in trade.parties { standings.upsert(party) { $0.openComplaints += isOpen ? 1 : -1 } }
    }

    // MARK: Debts, coins and franchises

    func countDebt(of party: String, _ id: String, _ change: Int64) {
        guard party == "user" else { return }
        standings.upsert(id) { $0.openDebts += change }
    }

    func lock(_ event: CoinsLocked) {
        let lock = CoinLock(userId: event.userId, amount: event.amount, currency: event.currency)
        coinLocks[event.lockId] = lock
        standings.upsert(lock.userId) { $0.lockedCoins[lock.currency, default: 0] += lock.amount }
    }

    func unlock(_ id: String) {
        guard let lock = coinLocks[id] else { return }
        coinLocks[id] = nil
        standings.upsert(lock.userId) {
            let left = $0.lockedCoins[lock.currency, default: 0] - lock.amount
            $0.lockedCoins[lock.currency] = left == 0 ? nil : left
        }
    }

    func own(_ franchise: String, _ owner: String) {
        if let before = franchiseOwners[franchise]?.userId {
            standings.update(before) { $0.franchises -= 1 }
        }
        franchiseOwners[franchise] = Owner(userId: owner)
        standings.upsert(owner) { $0.franchises += 1 }
    }
}
