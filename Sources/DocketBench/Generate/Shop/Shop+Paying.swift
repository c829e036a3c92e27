/// Payments of orders: authorizations, failures, refunds, chargebacks, cash and further attempts.
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
        } else if scene.happens(15, .unsentOrder) {
            scene.plan(.shop(.complainUnsent(number)), hours: 73...120)
        } else {
            scene.plan(.shop(.dispatch(number)), hours: 2...30)
        }
    }

    /// The attempt failed: the buyer tries again, cancels, or lets the order expire.
    private mutating func refuse(_ number: Int, _ scene: inout Scene) {
        products[orders[number].product].stock += orders[number].quantity
        guard orders[number].attempt < Self.attemptsMax else {
            // Ends the order if the wallet held more than was assumed, and the payment went through.
            if orders[number].method == .wallet { scene.plan(.shop(.cancel(number)), hours: 25...30) }
            return orders[number].state = .ended
        }
        if scene.random.chance(650) {
            scene.plan(.shop(.retry(number)), minutes: 10...400)
        } else {
            // Some cancel only when the order has expired.
            scene.plan(.shop(.cancel(number)), hours: scene.random.chance(400) ? 1...20 : 25...30)
        }
    }

    // MARK: Providers

    mutating func authorize(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.state == .unpaid else { return }
        // Now and then a provider authorizes another amount first: that money goes back.
        if scene.random.chance(15) {
            emitAuthorized(order, amount: order.total - order.total / 10, &scene)
            orders[number].misfits += 1
            return scene.plan(.shop(.authorize(number)), minutes: 20...120)
        }
        emitAuthorized(order, amount: order.total, &scene)
        orders[number].authorization = authorizations
        if scene.random.chance(8) { scene.plan(.shop(.authorizeAgain(number)), minutes: 5...60) }
        if scene.happens(15, .repeatedPayment) { scene.plan(.shop(.repeatAuthorization(number)), minutes: 1...30) }
        pay(number, &scene)
    }

    mutating func authorizeAgain(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        emitAuthorized(order, amount: order.total, &scene)
        if !order.isAskedBack { orders[number].misfits += 1 }
        if order.state == .unpaid { orders[number].state = .ended }
    }

    mutating func authorizeLate(_ number: Int, attempt: Int, method: Order.Method, _ scene: inout Scene) {
        var order = orders[number]
        order.method = method
        emitAuthorized(order, amount: order.total, attempt: attempt, &scene)
        if !order.isAskedBack { orders[number].misfits += 1 }
    }

    func repeatAuthorization(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard let authorization = order.authorization else { return }
        emitAuthorization(authorization, of: order, amount: order.total, attempt: nil, &scene)
    }

    private mutating func emitAuthorized(
        _ order: Order, amount: Int, attempt: Int? = nil, _ scene: inout Scene
    ) {
        authorizations += 1
        emitAuthorization(authorizations, of: order, amount: amount, attempt: attempt, &scene)
    }

    private func emitAuthorization(
        _ number: Int, of order: Order, amount: Int, attempt: Int?, _ scene: inout Scene
    ) {
        let reference = Ident(prefix: "AUTH-", number: number)
        scene.emit("payment.authorized", from: "/gateway", about: order.id) {
            $0.member("orderId", order.id)
            $0.member("provider", order.method.rawValue)
            $0.member("reference", reference)
            $0.member("amount", amount)
            $0.member("currency", Currency.rupees.rawValue)
            if let attempt { $0.member("attempt", attempt) }
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
        if reason == "timeout", scene.happens(300, .latePayment) {
            let late = ShopStep.authorizeLate(number, attempt: order.attempt, method: order.method)
            scene.plan(.shop(late), minutes: 20...600)
        }
        refuse(number, &scene)
    }

    // MARK: Refunds and chargebacks

    /// Returns the money held to the buyer of an order: through the provider, or at once.
    mutating func giveBack(_ number: Int, _ amount: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard order.isHeld else { return }
        if order.isProvided {
            orders[number].isAskedBack = true
            scene.plan(.shop(.payBack(number)), hours: 5...120)
        } else {
            scene.people[order.buyer].purse[.rupees] += amount
        }
    }

    /// The provider pays back, or cannot.
    func payBack(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard scene.random.chance(250) else {
            return scene.emit("payment.refunded", from: "/gateway", about: order.id) {
                $0.member("refundId", order.refund)
            }
        }
        let reason = scene.random.pick(["card_expired", "account_closed"])
        scene.emit("payment.refund.failed", from: "/gateway", about: order.id) {
            $0.member("refundId", order.refund)
            $0.member("reason", reason)
        }
    }

    /// The buyer asks the provider for the money of an order that came, and complains to nobody else.
    mutating func dispute(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard let authorization = order.authorization, !order.hasComplaint, !scene.people[order.buyer].isGone else {
            return
        }
        let id = Ident(prefix: "X-", number: number), reference = Ident(prefix: "AUTH-", number: authorization)
        let reason = scene.random.pick(["not_recognized", "not_as_described"])
        scene.emit("payment.disputed", from: "/gateway", about: order.id) {
            $0.member("disputeId", id)
            $0.member("provider", order.method.rawValue)
            $0.member("reference", reference)
            $0.member("amount", order.total)
            $0.member("currency", Currency.rupees.rawValue)
            $0.member("reason", reason)
        }
        scene.plan(.shop(.closeDispute(number)), hours: 20...200)
    }

    func closeDispute(_ number: Int, _ scene: inout Scene) {
        let id = Ident(prefix: "X-", number: number), outcome = scene.random.pick(["won", "won", "lost"])
        scene.emit("payment.dispute.closed", from: "/gateway", about: orders[number].id) {
            $0.member("disputeId", id)
            $0.member("outcome", outcome)
        }
    }

    // MARK: Cash

    /// The carrier collects cash from the buyer at the door.
    func collect(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        scene.emit("cash.collected", from: "/gosellr", about: order.id) {
            $0.member("orderId", order.id)
            $0.member("riderId", .user(order.carrier))
            $0.member("amount", order.total)
            $0.member("currency", Currency.rupees.rawValue)
        }
        scene.plan(.shop(.remit(number)), hours: 4...60)
    }

    func remit(_ number: Int, _ scene: inout Scene) {
        let order = orders[number], id = Ident(prefix: "CASH-", number: number)
        scene.emit("cash.remitted", from: "/gateway", about: id) {
            $0.member("remittanceId", id)
            $0.member("riderId", .user(order.carrier))
            $0.member("amount", order.total)
            $0.member("currency", Currency.rupees.rawValue)
            $0.member("provider", "bank")
        }
    }

    // MARK: Further attempts

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
