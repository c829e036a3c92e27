/// The theme of the shop: listings, and orders from the first look to their end.
struct Shop {
    var products: [Product] = []
    var orders: [Order] = []
    var visits = 0
    var searches = 0
    var authorizations = 0

    /// The sellers of the beginning list their goods.
    mutating func open(_ scene: inout Scene) {
        for person in scene.people where person.role == .seller { list(person.number, isFounder: true, &scene) }
    }

    /// Plans what begins in the hour that begins now.
    func begin(_ scene: inout Scene) {
        scene.planHour(420, of: scene.people.count) { scene in scene.someone().map { .shop(.visit($0)) } }
        scene.planHour(20, of: products.count) { [products] scene in
            .shop(.restock(scene.random.next(below: products.count)))
        }
    }

    mutating func perform(_ step: ShopStep, in scene: inout Scene) {
        switch step {
        case .list(let seller): list(seller, isFounder: false, &scene)
        case .restock(let product): restock(product, &scene)
        case .visit(let person): visit(person, &scene)
        case .lookIn(let person): lookIn(person, &scene)
        case .search(let person, let product): search(product, by: person, &scene)
        case .view(let person, let product): view(product, by: person, &scene)
        case .place(let buyer, let product): place(product, by: buyer, &scene)
        case .authorize(let order): authorize(order, &scene)
        case .fail(let order): fail(order, &scene)
        case .authorizeAgain(let order): authorizeAgain(order, &scene)
        case .authorizeLate(let order, let attempt, let method):
            authorizeLate(order, attempt: attempt, method: method, &scene)
        case .repeatAuthorization(let order): repeatAuthorization(order, &scene)
        case .retry(let order): retry(order, &scene)
        case .dispatch(let order): dispatch(order, &scene)
        case .deliver(let order): deliver(order, &scene)
        case .complete(let order): complete(order, &scene)
        case .completeByTime(let order): settleUnlessDisputed(order, &scene)
        case .rate(let order): rate(order, &scene)
        case .cancel(let order): cancel(order, &scene)
        case .complain(let order): complain(order, &scene)
        case .complainUnsent(let order): complainUnsent(order, &scene)
        case .resolve(let order): resolve(order, &scene)
        case .payBack(let order): payBack(order, &scene)
        case .dispute(let order): dispute(order, &scene)
        case .closeDispute(let order): closeDispute(order, &scene)
        case .remit(let order): remit(order, &scene)
        case .giveUp(let order): refund(order, orders[order].total, &scene)
        }
    }

    // MARK: Listings

    private mutating func list(_ seller: Int, isFounder: Bool, _ scene: inout Scene) {
        guard !scene.people[seller].isGone else { return }
        for _ in 0..<scene.random.int(2...5) {
            if isFounder { scene.tick() }
            addProduct(seller, &scene)
        }
    }

    private mutating func addProduct(_ seller: Int, _ scene: inout Scene) {
        let place = scene.random.popular(below: Category.all.count), category = Category.all[place]
        let person = scene.people[seller], area = scene.places.areas[person.area]
        let level = scene.random.chance(120) ? min(person.level, .high) : .free
        let price = scene.random.int(category.prices.lowerBound / 50...category.prices.upperBound / 50) * 5000
        let product = Product(
            number: products.count, seller: seller, category: place, price: price, level: level,
            stock: scene.random.int(15...150))
        products.append(product)
        let title = scene.random.pick(Category.looks) + " " + scene.random.pick(category.nouns).lowercased()
        let north = scene.random.int(0...8), east = scene.random.int(0...8)
        scene.emit("product.listed", from: "/gosellr", about: product.id) {
            $0.member("productId", product.id)
            $0.member("sellerId", .user(seller))
            $0.member("title", title)
            $0.member("price", product.price)
            $0.member("currency", Currency.rupees.rawValue)
            $0.member("stock", product.stock)
            $0.member("category", category.name)
            $0.member("tags", category.tags)
            $0.member("area", area.name)
            $0.object("location") {
                $0.member("lat", hundredths: area.latitude + north)
                $0.member("lon", hundredths: area.longitude + east)
            }
            if level > .free { $0.member("requiredLevel", level.rawValue) }
        }
    }

    private mutating func restock(_ number: Int, _ scene: inout Scene) {
        // Now and then a stocktaking finds that pieces are missing.
        let delta = scene.random.chance(100) ? -min(products[number].stock, 3) : scene.random.int(10...80)
        products[number].stock += delta
        let id = products[number].id
        scene.emit("product.stock.adjusted", from: "/gosellr", about: id) {
            $0.member("productId", id)
            $0.member("delta", delta)
        }
    }
}

/// A step of the theme of the shop; people, products and orders are given by their numbers.
enum ShopStep {
    /// A seller lists goods.
    case list(Int)
    case restock(Int)
    /// Someone looks around, and may order.
    case visit(Int)
    /// Someone opens the shop and leaves at once.
    case lookIn(Int)
    case search(by: Int, product: Int)
    case view(by: Int, product: Int)
    case place(by: Int, product: Int)
    /// The provider answers.
    case authorize(Int)
    case fail(Int)
    /// The provider authorizes the payment of an order that needs it no more.
    case authorizeAgain(Int)
    /// The money of a failed payment arrives all the same.
    case authorizeLate(Int, attempt: Int, method: Order.Method)
    /// The provider reports the payment of an order once more.
    case repeatAuthorization(Int)
    case retry(Int)
    /// The provider answers a request for a refund.
    case payBack(Int)
    case dispute(Int)
    case closeDispute(Int)
    /// The carrier hands in cash.
    case remit(Int)
    case dispatch(Int)
    case deliver(Int)
    case complete(Int)
    /// The buyer said nothing for 14 days.
    case completeByTime(Int)
    case rate(Int)
    case cancel(Int)
    case complain(Int)
    /// The buyer complains about goods that were never sent.
    case complainUnsent(Int)
    case resolve(Int)
    /// Nobody answered the complaint.
    case giveUp(Int)
}
