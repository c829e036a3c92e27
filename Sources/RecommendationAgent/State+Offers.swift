import AgentKit

extension RecommendationState {
    /// Enters an offer into its indexes.
    func index(_ offer: inout Offer) {
        let key = offer.key
        offer.indexedPopularity = offer.popularity
        for name in offer.topIndexKeys {
            var index = topIndexes[name] ?? TopIndex()
            if index.put(key, offer.popularity) { topIndexes[name] = index }
        }
    }

    /// Takes an offer out of its indexes.
    func unindex(_ offer: Offer) {
        let key = offer.key
        for name in offer.topIndexKeys { topIndexes.update(name) { $0.remove(key) } }
    }

    /// Adds to an offer's popularity. Its indexes are updated when it has doubled since they were last.
    func add(_ more: DecayedPopularity, to offer: inout Offer) {
        offer.popularity = offer.popularity + more
        let growth = offer.popularity.value - offer.indexedPopularity.value
        guard offer.isOffered, growth >= DecayedPopularity.halving else { return }
        index(&offer)
    }

    /// Lists an offer, or lists it anew: its history stays.
    func list(_ key: String, at time: Instant, _ fill: (inout Offer) -> Void) {
        let before = offers[key]
        var offer = before ?? Offer()
        if let before, before.isOffered { unindex(before) }
        fill(&offer)
        if before == nil {
            offer.listedPopularity = DecayedPopularity(at: time)
            offer.popularity = offer.listedPopularity
        }
        if offer.isOffered { index(&offer) }
        offers[key] = offer
    }

    /// Changes an offer's stock or suspension, and its indexes with it.
    func change(_ key: String, _ body: (inout Offer) -> Void) {
        guard var offer = offers[key] else { return }
        let wasOffered = offer.isOffered
        body(&offer)
        if wasOffered, !offer.isOffered { unindex(offer) }
        if !wasOffered, offer.isOffered { index(&offer) }
        offers[key] = offer
    }

    func view(_ key: String, by user: String, at time: Instant) {
        guard var offer = offers[key] else { return }
        add(DecayedPopularity(at: time), to: &offer)
        offers[key] = offer
        updateProfile(of: user) { $0.meet(offer) }
    }

    func buy(_ key: String, by user: String, at time: Instant) {
        guard var offer = offers[key] else { return }
        offer.orders += 1
        add(DecayedPopularity(at: time).doubled(Offer.orderDoublings), to: &offer)
        offers[key] = offer
        let earlier = profiles[user]?.bought ?? []
        updateProfile(of: user) {
            $0.meet(offer)
            $0.buy(key)
        }
        if isProfiled(user) { purchases[Purchase.key(user, key)] = Purchase(at: time) }
        counts.upsert(PurchaseCount.only) { $0.purchases += 1 }
        for other in earlier where !other.hasSameBytes(as: key) {
            coPurchases.upsert(key) { $0.add(other) }
            coPurchases.upsert(other) { $0.add(key) }
        }
    }

    /// Changes a user's profile; an erased user has none, nor has one who does not want to be profiled.
    func updateProfile(of user: String, _ body: (inout InterestProfile) -> Void) {
        guard isProfiled(user) else { return }
        profiles.upsert(user) {
            $0.userId = user
            body(&$0)
        }
    }

    /// Indicates that what the user does may be remembered.
    private func isProfiled(_ user: String) -> Bool { !isForgotten(user) && preferences[user]?.profiling ?? true }

    func isForgotten(_ user: String) -> Bool { standings[user]?.isForgotten ?? false }
}

extension Purchase {
    fileprivate init(at time: Instant) { at = time }
}
