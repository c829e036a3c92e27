import AgentKit

extension RecommendationState {
    /// Puts an offer on its shelves, or takes it off those where it can no longer be had.
    func shelve(_ offer: inout Offer) {
        let key = offer.key
        offer.shelvedHeat = offer.heat
        for name in offer.shelves {
            var shelf = shelves[name] ?? Shelf()
            if shelf.put(key, offer.heat) { shelves[name] = shelf }
        }
    }

    func unshelve(_ offer: Offer) {
        let key = offer.key
        for name in offer.shelves { shelves.update(name) { $0.remove(key) } }
    }

    /// Counts something that makes an offer hotter. Its shelves hear of it when it is twice as hot as they know.
    func heat(_ offer: inout Offer, by more: Heat) {
        offer.heat = offer.heat + more
        guard offer.isOffered, offer.heat.value - offer.shelvedHeat.value >= Heat.halving else { return }
        shelve(&offer)
    }

    /// Lists an offer anew: its history stays.
    func list(_ key: String, at time: Instant, _ fill: (inout Offer) -> Void) {
        let before = offers[key]
        var offer = before ?? Offer()
        if let before, before.isOffered { unshelve(before) }
        fill(&offer)
        if before == nil {
            offer.listedHeat = Heat(at: time)
            offer.heat = offer.listedHeat
        }
        if offer.isOffered { shelve(&offer) }
        offers[key] = offer
    }

    /// Changes what decides whether an offer can be had.
    func change(_ key: String, _ body: (inout Offer) -> Void) {
        guard var offer = offers[key] else { return }
        let wasOffered = offer.isOffered
        body(&offer)
        if wasOffered, !offer.isOffered { unshelve(offer) }
        if !wasOffered, offer.isOffered { shelve(&offer) }
        offers[key] = offer
    }

    func view(_ key: String, by user: String, at time: Instant) {
        guard var offer = offers[key] else { return }
        heat(&offer, by: Heat(at: time))
        offers[key] = offer
        taste(of: user) { $0.meet(offer) }
    }

    func buy(_ key: String, by user: String, at time: Instant) {
        guard var offer = offers[key] else { return }
        offer.orders += 1
        heat(&offer, by: Heat(at: time).doubled(Offer.orderDoublings))
        offers[key] = offer
        let earlier = tastes[user]?.bought ?? []
        taste(of: user) {
            $0.meet(offer)
            $0.buy(key)
        }
        purchases[Purchase.key(user, key)] = Purchase(at: time)
        counts.upsert(PurchaseCount.only) { $0.purchases += 1 }
        for other in earlier where !other.hasSameBytes(as: key) {
            companions.upsert(key) { $0.add(other) }
            companions.upsert(other) { $0.add(key) }
        }
    }

    /// Of who was erased there is none any more.
    func taste(of user: String, _ body: (inout Taste) -> Void) {
        guard !isForgotten(user) else { return }
        tastes.upsert(user) {
            $0.userId = user
            body(&$0)
        }
    }

    func isForgotten(_ user: String) -> Bool { standings[user]?.isForgotten ?? false }
}

extension Purchase {
    fileprivate init(at time: Instant) { at = time }
}
