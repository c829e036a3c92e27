import AgentKit

extension Trade {
    init(_ order: OrderAccepted, at time: Instant) {
        buyerId = order.buyerId
        sellerId = order.sellerId
        currency = order.currency
        since = time
    }

    init(_ request: ServiceAccepted, of provider: String?, at time: Instant) {
        holder = "service"
        buyerId = request.userId
        sellerId = provider
        currency = request.currency
        since = time
    }

    /// The buyer and the seller; one person may be both.
    var parties: [String] { sellerId.map { $0 == buyerId ? [$0] : [buyerId, $0] } ?? [buyerId] }

    /// Everyone for whom it counts as under way: the parties, and the rider who is neither of them.
    var hands: [String] { riderId.map { parties.contains($0) ? parties : parties + [$0] } ?? parties }

    /// The column of a standing that counts it while it is under way.
    var column: WritableKeyPath<Standing, Int64> { holder == "service" ? \.openRequests : \.openOrders }
}

extension VerificationState {
    func open(_ trade: Trade, _ key: String) {
        if trades.contains(key) { end(key, .withoutCount) }
        trades[key] = trade
        for hand in trade.hands { standings.upsert(hand) { $0[keyPath: trade.column] += 1 } }
    }

    /// Money of an order went back. Where that is a part as a complaint ended, the order goes on.
    func refund(_ key: String) {
        let isPart = trades[key]?.isPartlyRefunded ?? false
        if !isPart, trades.contains(key) { end(key, .turning(.refunded)) }
    }

    func dispatch(_ key: String, with rider: String?) {
        guard var trade = trades[key], let rider, trade.riderId == nil else { return }
        trade.riderId = rider
        trades[key] = trade
        if !trade.parties.contains(rider) { standings.upsert(rider) { $0[keyPath: trade.column] += 1 } }
    }

    func count(order id: String, on day: Int64) {
        guard let trade = trades[Trade.key(order: id)], let seller = trade.sellerId else { return }
        count(bought: trade.buyerId, from: seller, on: day)
    }

    func count(_ license: LicenseGranted, on day: Int64) {
        guard let trade = trades[Trade.key(service: license.requestId)],
            let provider = serviceProviders[license.serviceId]?.userId
        else { return }
        count(bought: trade.buyerId, from: provider, on: day)
    }

    private func count(bought buyer: String, from seller: String, on day: Int64) {
        tradeDays.upsert(TradeDay.key(seller, day)) { $0.orders += 1 }
        tradeDays.upsert(TradeDay.key(buyer, day)) { $0.bought += 1 }
    }

    // MARK: Complaints

    func openComplaint(_ event: ComplaintOpened, on day: Int64) {
        let seller = event.sellerId
        var complaint = CountedComplaint()
        complaint.buyerId = event.buyerId
        complaint.sellerId = seller
        complaint.trade = Self.trade(event.orderId, event.requestId)
        complaint.day = day
        complaint.trust = users[seller]?.trustScore ?? 0
        setOpen(event.complaintId, false)
        countedComplaints[event.complaintId] = complaint
        tradeDays.upsert(TradeDay.key(seller, day)) { $0.complaints += 1 }
        tradeDays.upsert(TradeDay.key(event.buyerId, day)) { $0.complained += 1 }
        setOpen(event.complaintId, true)
    }

    private static func trade(_ order: String?, _ request: String?) -> String {
        order.map(Trade.key(order:)) ?? Trade.key(service: request ?? "")
    }

    /// An override may close a complaint a second time: the last outcome counts. One that takes all the money back ends
    /// the order, to the seller's record. One about another order or request changes nothing.
    func closeComplaint(_ event: ComplaintClosed) {
        let trade = Self.trade(event.orderId, event.requestId)
        guard countedComplaints[event.complaintId]?.trade == trade else { return }
        let isUpheld = event.outcome != "rejected"
        count(event.complaintId, isUpheld)
        if !isUpheld { countedComplaints.update(event.complaintId) { $0.rejections += 1 } }
        setOpen(event.complaintId, false)
        trades.update(trade) { $0.isPartlyRefunded = event.outcome == "partial" }
        if isUpheld, event.outcome != "partial", event.orderId != nil { end(trade, .turning(.upheld)) }
    }

    private func count(_ id: String, _ counts: Bool) {
        guard let complaint = countedComplaints[id], complaint.counts != counts else { return }
        countedComplaints.update(id) { $0.counts = counts }
        tradeDays.upsert(TradeDay.key(complaint.sellerId, complaint.day)) { $0.complaints += counts ? 1 : -1 }
    }

    private func setOpen(_ id: String, _ isOpen: Bool) {
        guard let complaint = countedComplaints[id], complaint.isOpen != isOpen else { return }
        countedComplaints.update(id) { $0.isOpen = isOpen }
        trades.update(complaint.trade) { $0.hasOpenComplaint = isOpen }
        let (buyer, seller) = (complaint.buyerId, complaint.sellerId)
        for party in buyer == seller ? [buyer] : [buyer, seller] {
            standings.upsert(party) { $0.openComplaints += isOpen ? 1 : -1 }
        }
    }

    // MARK: Debts, coins and franchises

    func open(debt id: String, of user: String, _ amount: Amount) {
        openDebts[id] = OpenDebt(userId: user, left: amount)
        standings.upsert(user) { $0.openDebts += 1 }
    }

    /// A debt is closed when nothing of it is left.
    func lower(debt id: String, to left: Amount) {
        guard let debt = openDebts[id] else { return }
        guard left <= .zero else {
            openDebts.update(id) { $0.left = left }
            return
        }
        openDebts[id] = nil
        standings.upsert(debt.userId) { $0.openDebts -= 1 }
    }

    func cancel(debt id: String, _ amount: Amount) {
        if let debt = openDebts[id] { lower(debt: id, to: debt.left - amount) }
    }

    func lock(_ event: CoinsLocked) {
        let lock = CoinLock(userId: event.userId, amount: event.amount, currency: event.currency)
        coinLocks[event.lockId] = lock
        standings.upsert(lock.userId) { $0.lockedCoins[lock.currency, default: .zero] += Amount(lock.amount) }
    }

    func unlock(_ id: String) {
        guard let lock = coinLocks[id] else { return }
        coinLocks[id] = nil
        standings.upsert(lock.userId) {
            let left = $0.lockedCoins[lock.currency, default: .zero] - Total(Amount(lock.amount))
            $0.lockedCoins[lock.currency] = left == .zero ? nil : left
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
