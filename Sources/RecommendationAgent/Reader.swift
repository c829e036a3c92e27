import AgentKit

/// The user for whom offers are scored, with everything that is the same for all of them.
struct Reader {
    let user: String
    let scoring: Scoring
    let now: Instant
    let taste: Taste
    /// Where the user is, on Earth.
    let place: Place?
    /// The user's terms, each once.
    let terms: KeyIndex
    let level: Int64
    let preferences: Preferences
    /// What was bought by those who bought what the user bought.
    let companions: KeyIndex
    /// For each of them: the purchases of both, and of the user's one.
    private let lifts: [[(together: Int64, others: Int64)]]
    let allPurchases: Int64

    init(_ user: String, _ scoring: Scoring, in state: RecommendationState, at now: Instant) {
        self.user = user
        self.scoring = scoring
        self.now = now
        taste = state.tastes[user] ?? Taste()
        place = taste.place.flatMap { $0.isOnEarth ? $0 : nil }
        var terms = KeyIndex()
        for term in taste.terms.reversed() {
            _ = unsafe KeyIndex.withBytes(of: term) { unsafe terms.insert($0) }
        }
        self.terms = terms
        level = state.standings[user]?.openLevel ?? 0
        preferences = state.preferences[user] ?? Preferences()
        allPurchases = state.counts[PurchaseCount.only]?.purchases ?? 0
        var companions = KeyIndex()
        var lifts: [[(together: Int64, others: Int64)]] = []
        for bought in taste.bought {
            guard let orders = state.offers[bought]?.orders, orders >= scoring.liftOrders,
                let row = state.companions[bought]
            else { continue }
            for (offer, together) in zip(row.offers, row.counts) {
                let place = unsafe KeyIndex.withBytes(of: offer) { unsafe companions.insert($0) }
                if place == lifts.count { lifts.append([]) }
                lifts[place].append((together, orders))
            }
        }
        self.companions = companions
        self.lifts = lifts
    }

    /// More than any two places are apart.
    private static let kmMax: Int64 = 100_000

    /// The metres to an offer, where both places are known.
    func metres(to offer: Offer) -> Int64? {
        guard let place, let other = offer.place, other.isOnEarth else { return nil }
        return place.metres(to: other)
    }

    /// Whether the user can have it and wants to see it.
    func mayShow(_ offer: Offer, metres: Int64?) -> Bool {
        guard offer.isOffered, offer.level <= level else { return false }
        if let most = preferences.maxPrice, offer.price.minorUnits > most { return false }
        if let most = preferences.maxKm, let metres, metres > min(max(0, most), Self.kmMax) * 1000 { return false }
        return !preferences.hiddenCategories.contains { $0.hasSameBytes(as: offer.category) }
    }

    /// How close its tags are to the user's terms, by Jaccard, in units of 2^−30.
    func closeness(of offer: Offer) -> Int64 {
        var shared: Int64 = 0
        for tag in offer.tags {
            let isShared = unsafe KeyIndex.withBytes(of: tag) { unsafe terms.find($0) != nil }
            if isShared { shared += 1 }
        }
        let union = Int64(terms.count + offer.tags.count) - shared
        return union > 0 ? (shared << 30) / union : 0
    }

    /// The score in parts of a point.
    /// - Parameter closest: the closeness that has all the points for tags.
    func score(_ offer: Offer, _ key: String, closeness: Int64, closest: Int64, metres: Int64?, trust: Int64) -> Int64 {
        scoring.tagParts(closeness, of: closest) + scoring.trendingParts(offer.views(at: now))
            + (metres.map(scoring.nearParts) ?? 0) + scoring.trustParts(trust) + lift(of: offer, key)
    }

    /// The best of the lifts that what the user bought gives it.
    private func lift(of offer: Offer, _ key: String) -> Int64 {
        guard let place = unsafe KeyIndex.withBytes(of: key, { unsafe companions.find($0) }) else { return 0 }
        return lifts[place].reduce(0) { best, lift in
            max(
                best,
                scoring.liftParts(
                    together: lift.together, orders: offer.orders, others: lift.others, all: allPurchases))
        }
    }
}
