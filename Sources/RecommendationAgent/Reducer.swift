package import AgentKit

/// Folds offers, and the searches, views and purchases of users.
package enum RecommendationAgent: Agent {
    package static let name = "recommendation"
    package static let agentClass = AgentClass.recommendation

    package static func state(in tables: TableSet) -> RecommendationState { RecommendationState(in: tables) }

    package static func reduce(_ state: RecommendationState, _ fold: Fold, _ entry: Event) {
        let time = entry.recordedTime
        func change(product id: String, _ change: (inout Offer) -> Void) {
            state.change(OfferKind.product.key(id), change)
        }
        func change(service id: String, _ change: (inout Offer) -> Void) {
            state.change(OfferKind.service.key(id), change)
        }
        func standing(_ user: String, _ change: (inout MemberStanding) -> Void) { state.standings.upsert(user, change) }
        switch fold {
        case .productRecorded(let event):
            state.list(OfferKind.product.key(event.productId), at: time) { $0.list(event) }
        case .productStockRecorded(let event): change(product: event.productId) { $0.add(event.delta) }
        case .inventoryReserved(let event): change(product: event.productId) { $0.add(-event.quantity) }
        case .inventoryReleased(let event): change(product: event.productId) { $0.add(event.quantity) }
        case .serviceRecorded(let event):
            state.list(OfferKind.service.key(event.serviceId), at: time) { $0.list(event) }
        case .serviceAvailabilityChanged(let event):
            change(service: event.serviceId) { $0.stock = event.available ? 1 : 0 }
        case .serviceSuspended(let event): change(service: event.serviceId) { $0.isSuspended = true }
        case .serviceRestored(let event): change(service: event.serviceId) { $0.isSuspended = false }
        case .userRecorded(let event): state.register(event)
        case .verificationApproved(let event):
            if event.kind == "upgrade" { standing(event.userId) { $0.isExpired = false } }
        case .levelChanged(let event): standing(event.userId) { $0.level = MemberStanding.rank(event.to) }
        case .levelExpired(let event): standing(event.userId) { $0.isExpired = true }
        case .trustChanged(let event): standing(event.userId) { $0.trust = event.to }
        case .preferencesSet(let event):
            if !state.isForgotten(event.userId) { state.prefer(event) }
        case .sessionStarted(let event):
            let location = event.location
            state.updateProfile(of: event.userId) { $0.place = Place(location.lat, location.lon) }
        case .searchPerformed(let event): state.search(event)
        case .productViewed(let event):
            state.view(OfferKind.product.key(event.productId), by: event.userId, at: time)
        case .orderAccepted(let event): state.unpaid[event.orderId] = UnpaidOrder(event)
        case .orderProcessing(let event): state.pay(event.orderId, at: time)
        case .orderCancellationAccepted(let event): state.unpaid[event.orderId] = nil
        case .orderExpired(let event): state.unpaid[event.orderId] = nil
        case .licenseGranted(let event):
            state.buy(OfferKind.service.key(event.serviceId), by: event.userId, at: time)
        case .erasureCompleted(let event): state.forget(event.userId)
        }
    }
}

extension RecommendationState {
    /// Registers a user. Level and trust of a known one change by decisions of their own.
    fileprivate func register(_ event: UserRecorded) {
        if !standings.contains(event.userId) {
            standings.upsert(event.userId) {
                if let level = event.level { $0.level = MemberStanding.rank(level) }
                if let trust = event.trustScore { $0.trust = trust }
            }
        }
        let tags = Offer.terms(event.tags)
        if !tags.isEmpty { updateProfile(of: event.userId) { $0.add(tags) } }
    }

    fileprivate func search(_ event: SearchPerformed) {
        let location = event.location
        updateProfile(of: event.userId) {
            $0.add(Offer.terms(event.terms))
            if let place = Place(location.lat, location.lon) { $0.place = place }
        }
    }

    /// Counts an order as bought: it is paid, or to be paid on delivery.
    fileprivate func pay(_ order: String, at time: Instant) {
        guard let row = unpaid[order] else { return }
        unpaid[order] = nil
        buy(OfferKind.product.key(row.productId), by: row.userId, at: time)
    }

    fileprivate func prefer(_ event: PreferencesSet) {
        let isProfiled = event.profiling ?? preferences[event.userId]?.profiling ?? true
        preferences[event.userId] = Preferences(event, isProfiled: isProfiled)
        if !isProfiled { dropBehaviour(of: event.userId) }
    }

    /// Forgets what a user looked for, saw and bought. What it added to the popularity of offers names nobody.
    private func dropBehaviour(of user: String) {
        profiles[user] = nil
        let prefix = Purchase.key(user, "")
        var keys: [String] = []
        purchases.forEachKey(from: prefix) { key in
            guard key.utf8.starts(with: prefix.utf8) else { return false }
            keys.append(key)
            return true
        }
        for key in keys { purchases[key] = nil }
    }

    fileprivate func forget(_ user: String) {
        dropBehaviour(of: user)
        preferences[user] = nil
        standings.upsert(user) { $0.isForgotten = true }
    }
}

extension Offer {
    /// Lists a product. Listing it again keeps its stock and whatever the event does not name.
    fileprivate mutating func list(_ event: ProductRecorded) {
        id = event.productId
        kind = .product
        sellerId = event.sellerId
        category = event.category
        tags = Self.terms(event.tags)
        price = Amount(event.price)
        if let given = event.stock { stock = given }
        if let given = Place(event.location.lat, event.location.lon) { place = given }
        if let given = event.requiredLevel { level = MemberStanding.rank(given) }
    }

    fileprivate mutating func list(_ event: ServiceRecorded) {
        id = event.serviceId
        kind = .service
        sellerId = event.providerId
        if event.data["tags"] != nil { tags = Self.terms(event.tags) }
        price = Amount(event.price)
        stock = event.available ? 1 : 0
        level = MemberStanding.rank(event.requiredLevel)
    }

    /// Adds pieces, or takes them where `delta` is negative; saturates at ±(2^53 − 1).
    fileprivate mutating func add(_ delta: Int64) {
        let greatest = Amount.greatest.minorUnits
        stock = min(greatest, max(-greatest, stock + delta))
    }

    /// The first tags or terms of a list, each once, in lower case.
    fileprivate static func terms(_ texts: [String]) -> [String] {
        var terms: [String] = []
        for text in texts where !text.isEmpty && text.utf8.count <= tagBytesMax {
            guard terms.count < tagsMax else { break }
            let term = text.asciiLowercased
            if !terms.contains(where: { $0.hasSameBytes(as: term) }) { terms.append(term) }
        }
        return terms
    }
}

extension Preferences {
    fileprivate init(_ event: PreferencesSet, isProfiled: Bool) {
        userId = event.userId
        hiddenCategories = event.hiddenCategories
        maxPrice = event.maxPrice
        maxKm = event.maxKm
        profiling = isProfiled
    }
}

extension UnpaidOrder {
    fileprivate init(_ event: OrderAccepted) {
        userId = event.buyerId
        productId = event.productId
    }
}
