package import AgentKit

/// Folds what is on offer and what users look for, see and buy.
package enum RecommendationAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case productListed = "product.listed"
        case stockAdjusted = "product.stock.adjusted"
        case reserved = "inventory.reserved"
        case released = "inventory.released"
        case serviceRegistered = "service.registered"
        case availabilityChanged = "service.availability.changed"
        case serviceSuspended = "service.suspended"
        case serviceRestored = "service.restored"
        case userRegistered = "user.registered"
        case approved = "verification.approved"
        case levelChanged = "level.changed"
        case levelExpired = "level.expired"
        case trustChanged = "trust.changed"
        case preferencesSet = "preferences.set"
        case sessionStarted = "session.started"
        case searched = "search.performed"
        case viewed = "product.viewed"
        case orderAccepted = "order.accepted"
        case orderProcessing = "order.processing"
        case orderCancelled = "order.cancellation.accepted"
        case orderExpired = "order.expired"
        case licenseGranted = "license.granted"
        case erased = "erasure.completed"
    }

    package static let name = "recommendation"
    package static let agentClass = AgentClass.recommendation

    package static func state(in tables: TableSet) -> RecommendationState { RecommendationState(in: tables) }

    package static func reduce(_ state: RecommendationState, _ fold: Fold, _ event: Event) {
        let data = event.data
        let time = event.recordedTime
        func product() -> String { OfferKind.product.key(data.text("productId")) }
        func service() -> String { OfferKind.service.key(data.text("serviceId")) }
        func standing(_ change: (inout Standing) -> Void) { state.standings.upsert(data.text("userId"), change) }
        switch fold {
        case .productListed: state.list(product(), at: time) { $0.list(product: data) }
        case .stockAdjusted: state.change(product()) { $0.add(data.integer("delta")) }
        case .reserved: state.change(product()) { $0.add(-data.integer("quantity")) }
        case .released: state.change(product()) { $0.add(data.integer("quantity")) }
        case .serviceRegistered: state.list(service(), at: time) { $0.list(service: data) }
        case .availabilityChanged: state.change(service()) { $0.stock = data["available"]?.bool == true ? 1 : 0 }
        case .serviceSuspended: state.change(service()) { $0.isSuspended = true }
        case .serviceRestored: state.change(service()) { $0.isSuspended = false }
        case .userRegistered: state.register(data)
        case .approved: if data["kind"]?.isString("upgrade") == true { standing { $0.isExpired = false } }
        case .levelChanged: standing { $0.level = Standing.rank(data.text("to")) }
        case .levelExpired: standing { $0.isExpired = true }
        case .trustChanged: standing { $0.trust = data.integer("to") }
        case .preferencesSet: state.preferences[data.text("userId")] = Preferences(data)
        case .sessionStarted: state.taste(of: data.text("userId")) { $0.place = Place(data["location"]) }
        case .searched: state.search(data)
        case .viewed: state.view(product(), by: data.text("userId"), at: time)
        case .orderAccepted: state.unpaid[data.text("orderId")] = UnpaidOrder(data)
        case .orderProcessing: state.pay(data.text("orderId"), at: time)
        case .orderCancelled, .orderExpired: state.unpaid[data.text("orderId")] = nil
        case .licenseGranted: state.buy(service(), by: data.text("userId"), at: time)
        case .erased: state.forget(data.text("userId"))
        }
    }
}

extension RecommendationState {
    fileprivate func register(_ data: View) {
        let user = data.text("userId")
        standings.upsert(user) {
            if let level = data["level"]?.string { $0.level = Standing.rank(level) }
            if let trust = data["trustScore"]?.int { $0.trust = trust }
        }
        let tags = data.terms("tags")
        if !tags.isEmpty { taste(of: user) { $0.add(tags) } }
    }

    fileprivate func search(_ data: View) {
        taste(of: data.text("userId")) {
            $0.add(data.terms("terms"))
            if let place = Place(data["location"]) { $0.place = place }
        }
    }

    /// An order is bought when it is paid, or to be paid at the door.
    fileprivate func pay(_ order: String, at time: Instant) {
        guard let row = unpaid[order] else { return }
        unpaid[order] = nil
        buy(OfferKind.product.key(row.productId), by: row.userId, at: time)
    }

    fileprivate func forget(_ user: String) {
        tastes[user] = nil
        preferences[user] = nil
    }
}

extension Offer {
    fileprivate mutating func list(product data: View) {
        id = data.text("productId")
        kind = .product
        sellerId = data.text("sellerId")
        category = data.text("category")
        tags = data.terms("tags")
        price = data.amount("price")
        stock = data.integer("stock")
        place = Place(data["location"])
        level = Standing.rank(data.text("requiredLevel"))
    }

    fileprivate mutating func list(service data: View) {
        id = data.text("serviceId")
        kind = .service
        sellerId = data.text("providerId")
        tags = data.terms("tags")
        price = data.amount("price")
        stock = data["available"]?.bool == true ? 1 : 0
        level = Standing.rank(data.text("requiredLevel"))
    }

    /// Pieces more, or fewer where it is negative; held within what JSON carries exactly.
    fileprivate mutating func add(_ delta: Int64) {
        let greatest = Amount.greatest.minorUnits
        stock = min(greatest, max(-greatest, stock + delta))
    }
}

extension Preferences {
    fileprivate init(_ data: View) {
        userId = data.text("userId")
        hiddenCategories = data.texts("hiddenCategories")
        maxPrice = data["maxPrice"]?.int
        maxKm = data["maxKm"]?.int
    }
}

extension UnpaidOrder {
    fileprivate init(_ data: View) {
        userId = data.text("buyerId")
        productId = data.text("productId")
    }
}

extension View {
    /// The first tags or terms of a list, each once, as they are compared.
    fileprivate func terms(_ name: StaticString) -> [String] {
        var terms: [String] = []
        self[name]?.forEachElement { element in
            guard terms.count < Offer.tagsMax, let text = element.string, !text.isEmpty,
                text.utf8.count <= Offer.tagBytesMax
            else { return }
            let term = text.asciiLowercased
            if !terms.contains(where: { $0.hasSameBytes(as: term) }) { terms.append(term) }
        }
        return terms
    }
}
