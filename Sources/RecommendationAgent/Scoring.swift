import AgentKit

/// The parameters of a recommendation, as the rule file gives them. The four parts are points, 100 together.
package struct Scoring: Sendable {
    package var tags: Int64 = 40
    package var trending: Int64 = 25
    /// Views at the moment that give half the points.
    package var trendingHalf: Int64 = 20
    package var near: Int64 = 20
    /// Kilometres at which half the points are left.
    package var nearHalf: Int64 = 10
    package var trust: Int64 = 15
    /// The most cards of one seller.
    package var perSeller: Int64 = 2
    /// Days for which a purchase is not shown again.
    package var boughtDays: Int64 = 7
    /// Orders that an offer needs before its co-purchases count.
    package var liftOrders: Int64 = 20
    /// The most points for being bought together.
    package var liftMost: Int64 = 30

    package init() {}

    /// Reads a map of parameters; those it leaves out keep their defaults.
    /// - Returns: nil where a figure is not an integer of 0 to 10,000, or a divisor is 0.
    init?(_ figures: Value) {
        for (name, path) in Self.names {
            guard let value = figures.entry(.string(name)) else { continue }
            guard case .int(let figure) = value, (0...10_000).contains(figure) else { return nil }
            self[keyPath: path] = figure
        }
        guard trendingHalf > 0, nearHalf > 0 else { return nil }
    }

    private static var names: [(String, WritableKeyPath<Scoring, Int64>)] {
        [
            ("tags", \.tags), ("trending", \.trending), ("trendingHalf", \.trendingHalf), ("near", \.near),
            ("nearHalf", \.nearHalf), ("trust", \.trust), ("perSeller", \.perSeller), ("boughtDays", \.boughtDays),
            ("liftOrders", \.liftOrders), ("liftMost", \.liftMost),
        ]
    }

    /// Parts of a point: the unit of computation.
    static let parts: Int64 = 1_000_000

    /// The points for tags and terms, in parts: all for the closest offer, others in proportion.
    func tagParts(_ closeness: Int64, of closest: Int64) -> Int64 {
        closest > 0 ? Int64(Int128(tags * Self.parts) * Int128(closeness) / Int128(closest)) : 0
    }

    /// The points for that many 1,024ths of views, in parts.
    func trendingParts(_ views: Int64) -> Int64 {
        let views = min(views, 1 << 30)
        return trending * Self.parts * views / (views + trendingHalf * 1024)
    }

    func nearParts(metres: Int64) -> Int64 { near * Self.parts * nearHalf * 1000 / (nearHalf * 1000 + metres) }

    func trustParts(_ score: Int64) -> Int64 { trust * Self.parts * min(100, max(0, score)) / 100 }

    /// The lift of two offers (the ratio of joint purchases to what chance would give) in points, in parts.
    func liftParts(together: Int64, orders: Int64, others: Int64, all: Int64) -> Int64 {
        guard together > 1, orders > 0, others >= liftOrders else { return 0 }
        let lift = Int128(together) * Int128(all) * Int128(Self.parts) / (Int128(orders) * Int128(others))
        return lift > Int128(Self.parts) ? Int64(min(lift, Int128(liftMost * Self.parts))) : 0
    }
}

/// The user for whom offers are scored, with everything that is the same for every offer.
struct ScoringContext {
    let user: String
    let scoring: Scoring
    let now: Instant
    let profile: InterestProfile
    /// The user's place, where it is known and on Earth.
    let place: Place?
    /// The user's terms, each once.
    let terms: KeyIndex
    let level: Int64
    let preferences: Preferences
    /// The co-purchases of what the user bought.
    let coPurchases: KeyIndex
    /// For each of them: the purchases of both, and those of the user's offer.
    private let lifts: [[(together: Int64, others: Int64)]]
    let allPurchases: Int64

    init(_ user: String, _ scoring: Scoring, in state: RecommendationState, at now: Instant) {
        self.user = user
        self.scoring = scoring
        self.now = now
        profile = state.profiles[user] ?? InterestProfile()
        place = profile.place.flatMap { $0.isOnEarth ? $0 : nil }
        var terms = KeyIndex()
        for term in profile.terms.reversed() {
            _ = unsafe KeyIndex.withBytes(of: term) { unsafe terms.insert($0) }
        }
        self.terms = terms
        level = state.standings[user]?.openLevel ?? 0
        preferences = state.preferences[user] ?? Preferences()
        allPurchases = state.counts[PurchaseCount.only]?.purchases ?? 0
        var coPurchases = KeyIndex()
        var lifts: [[(together: Int64, others: Int64)]] = []
        for bought in profile.bought {
            guard let orders = state.offers[bought]?.orders, orders >= scoring.liftOrders,
                let row = state.coPurchases[bought]
            else { continue }
            for (offer, together) in zip(row.offers, row.counts) {
                let slot = unsafe KeyIndex.withBytes(of: offer) { unsafe coPurchases.insert($0) }
                if slot == lifts.count { lifts.append([]) }
                lifts[slot].append((together, orders))
            }
        }
        self.coPurchases = coPurchases
        self.lifts = lifts
    }

    /// A distance greater than that of any two places.
    private static let kmMax: Int64 = 100_000

    /// The distance to an offer in metres; nil where a place is unknown.
    func metres(to offer: Offer) -> Int64? {
        guard let place, let other = offer.place, other.isOnEarth else { return nil }
        return place.metres(to: other)
    }

    /// Returns true if the user may buy the offer and has not hidden it.
    func mayShow(_ offer: Offer, metres: Int64?) -> Bool {
        guard offer.isOffered, offer.level <= level else { return false }
        if let most = preferences.maxPrice, offer.price.minorUnits > most { return false }
        if let most = preferences.maxKm, let metres, metres > min(max(0, most), Self.kmMax) * 1000 { return false }
        return !preferences.hiddenCategories.contains { $0.hasSameBytes(as: offer.category) }
    }

    /// The Jaccard index of the offer's tags and the user's terms (shared over all), in units of 2^−30.
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
    /// - Parameter closest: the closeness that gets all the points for tags.
    func score(_ offer: Offer, _ key: String, closeness: Int64, closest: Int64, metres: Int64?, trust: Int64) -> Int64 {
        scoring.tagParts(closeness, of: closest) + scoring.trendingParts(offer.views(at: now))
            + (metres.map(scoring.nearParts) ?? 0) + scoring.trustParts(trust) + lift(of: offer, key)
    }

    /// The best lift over the user's purchases, in parts of a point.
    private func lift(of offer: Offer, _ key: String) -> Int64 {
        guard let slot = unsafe KeyIndex.withBytes(of: key, { unsafe coPurchases.find($0) }) else { return 0 }
        return lifts[slot].reduce(0) { best, lift in
            max(
                best,
                scoring.liftParts(
                    together: lift.together, orders: offer.orders, others: lift.others, all: allPurchases))
        }
    }
}
