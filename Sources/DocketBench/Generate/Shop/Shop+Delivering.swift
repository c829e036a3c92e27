/// How orders reach their buyers and end.
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
        // Who complains may say all the same that the goods are there.
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

    /// What is held goes to the seller, the rider and the others who have a share.
    mutating func settle(_ number: Int, _ held: Int, _ scene: inout Scene) {
        let order = orders[number], fee = min(order.fee, held)
        orders[number].state = .ended
        scene.people[order.seller].settled += 1
        scene.people[order.buyer].settled += 1
        scene.earn((held - fee) * 85 / 100, .rupees, by: order.seller)
        if fee > 0 { scene.earn(fee, .rupees, by: order.rider ?? order.seller) }
    }
}
