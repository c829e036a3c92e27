/// How orders are paid, and what happens where they are not.
extension Shop {
    private static let attemptsMax = 3

    /// Plans what follows the order's present attempt to pay.
    mutating func awaitPayment(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        switch order.method {
        case .cash: pay(number, &scene)
        case .wallet:
            guard scene.people[order.buyer].purse[.rupees] >= order.total else { return refuse(number, &scene) }
            scene.people[order.buyer].purse[.rupees] -= order.total
            pay(number, &scene)
        case .card, .bank, .crypto:
            let minutes = order.method == .card ? 0...2 : order.method == .bank ? 60...600 : 5...40
            switch scene.random.weighted([880, 90, 30]) {
            case 0: scene.plan(.shop(.authorize(number)), minutes: minutes)
            case 1: scene.plan(.shop(.fail(number)), minutes: minutes)
            default: if scene.random.chance(300) { scene.plan(.shop(.authorizeAgain(number)), hours: 25...30) }
            }
        }
    }

    /// The money is held: the order goes on to dispatch.
    private mutating func pay(_ number: Int, _ scene: inout Scene) {
        orders[number].state = .paid
        if products[orders[number].product].isDigital {
            scene.plan(.shop(.deliver(number)), minutes: 1...30)
        } else if scene.random.chance(40) {
            scene.plan(.shop(.cancel(number)), minutes: 5...90)
        } else {
            scene.plan(.shop(.dispatch(number)), hours: 2...30)
        }
    }

    /// The attempt failed: the buyer tries again, cancels, or lets the order expire.
    private mutating func refuse(_ number: Int, _ scene: inout Scene) {
        products[orders[number].product].stock += orders[number].quantity
        guard orders[number].attempt < Self.attemptsMax else {
            // Where the wallet held more than it seemed to, this ends the order.
            if orders[number].method == .wallet { scene.plan(.shop(.cancel(number)), hours: 25...30) }
            return orders[number].state = .ended
        }
        if scene.random.chance(650) {
            scene.plan(.shop(.retry(number)), minutes: 10...400)
        } else {
            // Some think of it only when the order has expired.
            scene.plan(.shop(.cancel(number)), hours: scene.random.chance(400) ? 1...20 : 25...30)
        }
    }

    // MARK: Providers

    mutating func authorize(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.state == .unpaid else { return }
        // Now and then a provider vouches for another amount first: that money goes to the wallet.
        if scene.random.chance(15) {
            emitAuthorized(order, amount: order.total - order.total / 10, &scene)
            scene.people[order.buyer].purse[.rupees] += order.total - order.total / 10
            return scene.plan(.shop(.authorize(number)), minutes: 20...120)
        }
        emitAuthorized(order, amount: order.total, &scene)
        if scene.random.chance(8) { scene.plan(.shop(.authorizeAgain(number)), minutes: 5...60) }
        pay(number, &scene)
    }

    mutating func authorizeAgain(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        emitAuthorized(order, amount: order.total, &scene)
        scene.people[order.buyer].purse[.rupees] += order.total
        if order.state == .unpaid { orders[number].state = .ended }
    }

    private mutating func emitAuthorized(_ order: Order, amount: Int, _ scene: inout Scene) {
        authorizations += 1
        let reference = Ident(prefix: "AUTH-", number: authorizations)
        scene.emit("payment.authorized", from: "/gateway", about: order.id) {
            $0.member("orderId", order.id)
            $0.member("provider", order.method.rawValue)
            $0.member("reference", reference)
            $0.member("amount", amount)
            $0.member("currency", Currency.rupees.rawValue)
        }
    }

    mutating func fail(_ number: Int, _ scene: inout Scene) {
        let order = orders[number],
            reason = scene.random.pick(["declined", "insufficient_funds", "timeout", "fraud_check"])
        guard order.state == .unpaid else { return }
        scene.emit("payment.failed", from: "/gateway", about: order.id) {
            $0.member("orderId", order.id)
            $0.member("provider", order.method.rawValue)
            $0.member("reason", reason)
        }
        refuse(number, &scene)
    }

    mutating func retry(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.state == .unpaid else { return }
        guard !scene.people[order.buyer].isGone else { return cancel(number, &scene) }
        let method: Order.Method = scene.random.pick([.wallet, .wallet, .card, .bank])
        if method == .wallet, scene.random.chance(930) { scene.ensure(order.total, .rupees, for: order.buyer) }
        scene.emit("order.payment.retried", from: "/gosellr", about: order.id) {
            $0.member("orderId", order.id)
            $0.member("paymentMethod", method.rawValue)
        }
        products[order.product].stock -= order.quantity
        orders[number].method = method
        orders[number].attempt += 1
        awaitPayment(number, &scene)
    }
}
