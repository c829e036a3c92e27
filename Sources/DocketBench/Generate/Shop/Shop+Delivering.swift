/// Dispatch, delivery and settlement of orders.
extension Shop {
    mutating func dispatch(_ number: Int, _ scene: inout Scene) {
        guard orders[number].state == .paid else { return }
        let order = orders[number]
        let rider = order.isCarried && scene.random.chance(850) ? scene.someone(.rider) : nil
        orders[number].state = .sent
        orders[number].rider = rider
        scene.emit("order.dispatched", from: "/gosellr", about: order.id) {
            $0.member("orderId", order.id)
            if let rider { $0.member("riderId", .user(rider)) }
        }
        if scene.random.chance(10) { scene.plan(.shop(.cancel(number)), minutes: 5...300) }
        if scene.random.chance(12) { scene.plan(.shop(.complain(number)), hours: 20...60) }
        scene.plan(.shop(.deliver(number)), hours: 3...60)
    }

    mutating func deliver(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.state == .paid || order.state == .sent else { return }
        orders[number].state = .delivered
        scene.emit("order.delivered", from: "/gosellr", about: order.id) { $0.member("orderId", order.id) }
        if order.method == .cash { collect(number, &scene) }
        if order.method == .card, scene.happens(60, .chargeback) {
            scene.plan(.shop(.dispute(number)), hours: 20...300)
        }
        let complains = scene.random.chance(70)
        if complains { scene.plan(.shop(.complain(number)), hours: 1...100) }
        // A buyer who complains may still confirm that the goods arrived.
        if scene.random.chance(complains ? 150 : 680) {
            scene.plan(.shop(.complete(number)), hours: complains ? 90...200 : 1...120)
        }
        if scene.random.chance(550) { scene.plan(.shop(.rate(number)), hours: 2...200) }
        scene.agenda.add(.shop(.completeByTime(number)), at: scene.now + 14 * HistoryTime.day + HistoryTime.second)
    }

    mutating func complete(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.state == .delivered, !scene.people[order.buyer].isGone else { return }
        scene.emit("order.completed", from: "/gosellr", about: order.id) { $0.member("orderId", order.id) }
        settleUnlessDisputed(number, &scene)
    }

    mutating func settleUnlessDisputed(_ number: Int, _ scene: inout Scene) {
        guard orders[number].state == .delivered else { return }
        if orders[number].isDisputed {
            orders[number].isDeferred = true
        } else {
            settle(number, orders[number].total, &scene)
        }
    }

    /// Pays out the money held to the seller, the rider and the others who have a share.
    mutating func settle(_ number: Int, _ held: Int, _ scene: inout Scene) {
        let order = orders[number], fee = min(order.fee, held)
        orders[number].state = .ended
        scene.people[order.seller].settled += 1
        scene.people[order.buyer].settled += 1
        scene.earn((held - fee) * 85 / 100, .rupees, by: order.seller)
        if fee > 0 { scene.earn(fee, .rupees, by: order.rider ?? order.seller) }
    }
}

/// Complaints about orders and their outcomes.
extension Shop {
    private enum Ending: CaseIterable {
        case refund, partial, rejected, unanswered
    }

    private static let endingWeights = [30, 25, 27, 18]
    private static let hoursPerTier = 6, tiers = 3

    mutating func complain(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.isOpen, order.state != .unpaid, !scene.people[order.buyer].isGone else { return }
        // Now and then somebody else complains, or the buyer a second time.
        let person = scene.random.chance(20) ? scene.someone() ?? order.buyer : order.buyer
        let kind =
            order.state == .sent ? "delivery_delay" : scene.random.pick(["damaged", "wrong_item", "not_as_described"])
        let description = scene.random.pick([
            "it has not come", "the box was open and a part is missing", "this is not what I ordered",
            "it does not work",
        ])
        let id = order.hasComplaint ? Ident(prefix: "C-AGAIN-", number: number) : order.complaint
        scene.emit("complaint.submitted", from: "/gosellr", about: id) {
            $0.member("complaintId", id)
            $0.member("orderId", order.id)
            $0.member("userId", .user(person))
            $0.member("kind", kind)
            $0.member("description", description)
        }
        guard !order.hasComplaint, person == order.buyer else { return }
        orders[number].hasComplaint = true
        orders[number].isDisputed = true
        if scene.random.chance(20) { scene.plan(.shop(.complain(number)), hours: 1...4) }
        answer(number, &scene)
    }

    /// Complains about goods never sent: the case is clear, and the buyer has the money back at once.
    mutating func complainUnsent(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.state == .paid else { return }
        // If nobody complains, the goods are sent in the end.
        guard !scene.people[order.buyer].isGone else { return dispatch(number, &scene) }
        scene.emit("complaint.submitted", from: "/gosellr", about: order.complaint) {
            $0.member("complaintId", order.complaint)
            $0.member("orderId", order.id)
            $0.member("userId", .user(order.buyer))
            $0.member("kind", "not_delivered")
            $0.member("description", "it was not even sent")
        }
        orders[number].hasComplaint = true
        giveBack(number, order.total, &scene)
        products[order.product].stock += order.quantity
        orders[number].state = .ended
    }

    private func answer(_ number: Int, _ scene: inout Scene) {
        let all = Self.hoursPerTier * Self.tiers
        if Ending.allCases[scene.random.weighted(Self.endingWeights)] == .unanswered {
            scene.plan(.shop(.giveUp(number)), hours: all...all)
        } else {
            // Most answer in time.
            let hours = scene.random.chance(750) ? 0...5 : 6...all - 1
            scene.plan(.shop(.resolve(number)), hours: hours)
        }
    }

    /// The franchise that has the complaint answers it.
    mutating func resolve(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.isDisputed, order.isOpen else { return }
        let ending = Ending.allCases[scene.random.weighted(Array(Self.endingWeights.dropLast()))]
        // Before any money is held, no part of it can be refunded.
        let outcome: Ending = ending == .partial && !order.isHeld ? .refund : ending
        let given = max(1, order.amount * scene.random.int(10...60) / 100)
        let franchise =
            scene.places.franchise(.sub, for: order.area) ?? scene.places.franchise(.master, for: order.area) ?? 0
        scene.emit("complaint.resolved", from: "/franchises", about: order.complaint) {
            $0.member("complaintId", order.complaint)
            $0.member("outcome", outcome == .refund ? "refund" : outcome == .partial ? "partial" : "rejected")
            if outcome == .partial { $0.member("refundAmount", given) }
            $0.member("by", .franchise(franchise))
        }
        switch outcome {
        case .partial:
            giveBack(number, given, &scene)
            orders[number].isDisputed = false
            settle(number, order.total - given, &scene)
        case .rejected:
            orders[number].isDisputed = false
            if order.isDeferred { settle(number, order.total, &scene) }
        case .refund, .unanswered: refund(number, order.total, &scene)
        }
    }

    /// Returns the money held to the buyer, and ends the order.
    mutating func refund(_ number: Int, _ amount: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.isDisputed, order.isOpen else { return }
        giveBack(number, amount, &scene)
        orders[number].isDisputed = false
        orders[number].state = .ended
    }
}
