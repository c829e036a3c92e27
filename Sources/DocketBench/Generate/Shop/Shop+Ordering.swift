/// Placing, cancelling and rating of orders.
extension Shop {
    private static let methods: [Order.Method] = [.wallet, .card, .cash, .bank, .crypto]
    private static let methodWeights = [45, 25, 18, 8, 4]

    /// A quantity larger than any seller's stock.
    private static let hugeQuantity = 5000

    mutating func place(_ number: Int, by buyer: Int, _ scene: inout Scene) {
        let person = scene.people[buyer], product = products[number]
        guard !person.isGone, product.seller != buyer else { return }
        let needed = max(.basic, product.level)
        // Most people whose level is too low see that beforehand and do not try.
        if person.level < needed, person.levelAsked >= needed || scene.random.chance(900) { return }
        let isHuge = scene.random.chance(6)
        let quantity = isHuge ? Self.hugeQuantity : [1, 2, 3][scene.random.weighted([75, 18, 7])]
        if product.stock < quantity, !isHuge { return restockSoon(number, &scene) }
        let order = newOrder(product, by: person, quantity, &scene)
        let hasOldPrice = scene.random.chance(8)
        if order.method == .wallet { prepareWallet(order, &scene) }
        orders.append(order)
        emitPlaced(order, amount: hasOldPrice ? order.amount + 100 : order.amount, &scene)
        if person.level < needed || isHuge || hasOldPrice { return orders[order.number].state = .ended }
        products[number].stock -= quantity
        awaitPayment(order.number, &scene)
    }

    private func restockSoon(_ product: Int, _ scene: inout Scene) {
        scene.plan(.shop(.restock(product)), hours: 1...20)
    }

    private func newOrder(_ product: Product, by buyer: Person, _ quantity: Int, _ scene: inout Scene) -> Order {
        var method = Self.methods[scene.random.weighted(Self.methodWeights)]
        if product.isDigital, method == .cash { method = .wallet }
        let isCarried = !product.isDigital && scene.random.chance(850)
        return Order(
            number: orders.count, buyer: buyer.number, seller: product.seller, product: product.number,
            quantity: quantity, amount: product.price * quantity,
            fee: isCarried ? scene.random.int(3...8) * 5000 : 0, area: buyer.area, isCarried: isCarried,
            method: method)
    }

    /// Makes a deposit for most of those who have not enough money for an order.
    private func prepareWallet(_ order: Order, _ scene: inout Scene) {
        if scene.random.chance(920) { scene.ensure(order.total, .rupees, for: order.buyer) }
    }

    private func emitPlaced(_ order: Order, amount: Int, _ scene: inout Scene) {
        let area = scene.places.areas[order.area].name, isDigital = products[order.product].isDigital
        scene.emit("order.placed", from: "/gosellr", about: order.id) {
            $0.member("orderId", order.id)
            $0.member("buyerId", .user(order.buyer))
            $0.member("sellerId", .user(order.seller))
            $0.member("productId", .product(order.product))
            $0.member("quantity", order.quantity)
            $0.member("amount", amount)
            $0.member("currency", Currency.rupees.rawValue)
            $0.member("paymentMethod", order.method.rawValue)
            $0.member("area", area)
            $0.member("delivery", isDigital ? "digital" : order.isCarried ? "franchise" : "self")
            if order.fee > 0 { $0.member("deliveryFee", order.fee) }
        }
    }

    // MARK: Cancelling and rating

    /// Cancels an order; one that was sent cannot be cancelled any more.
    mutating func cancel(_ number: Int, _ scene: inout Scene) {
        let order = orders[number], by = scene.random.pick(["buyer", "buyer", "seller", "admin"])
        let reason = scene.random.pick(["changed_my_mind", "out_of_stock", "too_slow", "wrong_address"])
        scene.emit("order.cancelled", from: "/gosellr", about: order.id) {
            $0.member("orderId", order.id)
            $0.member("by", by)
            $0.member("reason", reason)
        }
        guard order.state == .unpaid || order.state == .paid, !order.isDisputed else { return }
        giveBack(number, order.total, &scene)
        if order.state == .paid || order.attempt == 1 { products[order.product].stock += order.quantity }
        orders[number].state = .ended
    }

    func rate(_ number: Int, _ scene: inout Scene) {
        let order = orders[number]
        guard !scene.people[order.buyer].isGone else { return }
        let stars = scene.random.weighted(order.hasComplaint ? [40, 30, 20, 5, 5] : [2, 4, 12, 34, 48]) + 1
        scene.emit("order.rated", from: "/gosellr", about: order.id) {
            $0.member("orderId", order.id)
            $0.member("stars", stars)
        }
    }
}

/// Visits, searches and views before an order.
extension Shop {
    mutating func visit(_ person: Int, _ scene: inout Scene) {
        guard !scene.people[person].isGone, !products.isEmpty else { return }
        lookIn(person, &scene)
        let product = scene.random.popular(below: products.count)
        if scene.random.chance(450) {
            scene.plan(.shop(.search(by: person, product: product)), minutes: 0...2)
        }
        for _ in 0..<scene.random.int(0...2) {
            let other = scene.random.popular(below: products.count)
            scene.plan(.shop(.view(by: person, product: other)), minutes: 3...10)
        }
        guard scene.random.chance(450) else { return }
        scene.plan(.shop(.view(by: person, product: product)), minutes: 3...10)
        scene.plan(.shop(.place(by: person, product: product)), minutes: 11...30)
    }

    mutating func lookIn(_ person: Int, _ scene: inout Scene) {
        visits += 1
        emit("session.started", "sessionId", Ident(prefix: "VISIT-", number: visits), of: person, terms: [], &scene)
    }

    mutating func search(_ product: Int, by person: Int, _ scene: inout Scene) {
        searches += 1
        let tag = scene.random.pick(Category.all[products[product].category].tags)
        let terms = [tag] + (scene.random.chance(400) ? [scene.random.pick(Category.looks).lowercased()] : [])
        emit(
            "search.performed", "searchId", Ident(prefix: "SEARCH-", number: searches), of: person, terms: terms, &scene
        )
    }

    func view(_ product: Int, by person: Int, _ scene: inout Scene) {
        scene.emit("product.viewed", from: "/gosellr", about: .user(person)) {
            $0.member("userId", .user(person))
            $0.member("productId", .product(product))
        }
    }

    /// Writes an event of a visit, in which some people tell their location.
    private func emit(
        _ type: StaticString, _ name: StaticString, _ id: Ident, of person: Int, terms: [String], _ scene: inout Scene
    ) {
        let area = scene.places.areas[scene.people[person].area], hasLocation = scene.random.chance(600)
        scene.emit(type, from: "/gosellr", about: .user(person)) {
            $0.member(name, id)
            $0.member("userId", .user(person))
            if !terms.isEmpty { $0.member("terms", terms) }
            guard hasLocation else { return }
            $0.object("location") {
                $0.member("lat", hundredths: area.latitude)
                $0.member("lon", hundredths: area.longitude)
            }
        }
    }
}
