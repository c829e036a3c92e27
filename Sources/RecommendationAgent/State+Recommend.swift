package import AgentKit

extension RecommendationState {
    /// Offers found under the user's terms that are scored.
    private static let byTermsMax = 256
    /// Offers found around the user that are scored.
    private static let nearMax = 96

    /// Why there is no recommendation.
    package enum Refusal: Error {
        /// The session says the user is at a place that does not exist.
        case place
    }

    /// The best offers for a user by taste, at most `limit`; none where nothing is known of the taste.
    package func recommend(_ user: String, _ limit: Int, _ scoring: Scoring, at now: Instant) throws(Refusal) -> [Card]
    {
        let reader = Reader(user, scoring, in: self, at: now)
        if let place = reader.taste.place, !place.isOnEarth { throw .place }
        guard reader.terms.count > 0 else { return [] }
        var chosen = Candidates()
        chosen.add(byTerms(reader))
        chosen.add(nearby(reader))
        if let category = reader.taste.category { chosen.add(shelves[Shelf.category(category)]?.offers ?? []) }
        chosen.add(shelves[Shelf.all]?.offers ?? [])
        chosen.add((0..<reader.companions.count).map { reader.companions.key(at: $0) })
        var hand = Hand(limit)
        deal(score(chosen.best(.max), reader), to: &hand, reader)
        return hand.cards
    }

    /// The best offers of the user's last category, then of all.
    package func popular(_ user: String, _ limit: Int, _ scoring: Scoring, at now: Instant) -> [Card] {
        let reader = Reader(user, scoring, in: self, at: now)
        var hand = Hand(limit)
        if let category = reader.taste.category, let shelf = shelves[Shelf.category(category)] {
            deal(score(shelf.offers, reader), to: &hand, reader)
        }
        deal(score(shelves[Shelf.all]?.offers ?? [], reader), to: &hand, reader)
        return hand.cards
    }

    private func byTerms(_ reader: Reader) -> [String] {
        var found = Candidates()
        for place in 0..<reader.terms.count {
            found.add(shelves[Shelf.tag(reader.terms.key(at: place))], matches: 1)
        }
        return found.best(Self.byTermsMax)
    }

    private func nearby(_ reader: Reader) -> [String] {
        guard let place = reader.place else { return [] }
        var found = Candidates()
        for cell in place.cell.neighbourhood { found.add(shelves[Shelf.near(cell)], matches: 0) }
        return found.best(Self.nearMax)
    }

    /// An offer with its score.
    private struct Scored {
        let key: String
        let offer: Offer
        let metres: Int64?
        let closeness: Int64
        var points: Int64 = 0
    }

    /// Scores what the user may see; the best first, ties by id.
    private func score(_ keys: [String], _ reader: Reader) -> [Scored] {
        var scored: [Scored] = []
        scored.reserveCapacity(keys.count)
        for key in keys {
            guard let offer = offers[key] else { continue }
            let metres = reader.metres(to: offer)
            guard reader.mayShow(offer, metres: metres) else { continue }
            scored.append(Scored(key: key, offer: offer, metres: metres, closeness: reader.closeness(of: offer)))
        }
        let closest = scored.reduce(0) { max($0, $1.closeness) }
        for place in scored.indices {
            let item = scored[place]
            let trust = standings[item.offer.sellerId]?.trust ?? Standing.trustAtFirst
            let parts = reader.score(
                item.offer, item.key, closeness: item.closeness, closest: closest, metres: item.metres, trust: trust)
            scored[place].points = (parts + Scoring.parts / 2) / Scoring.parts
        }
        let order = scored.indices.sorted { comes(scored[$0], before: scored[$1]) }
        return order.map { scored[$0] }
    }

    private func comes(_ a: borrowing Scored, before b: borrowing Scored) -> Bool {
        guard a.points == b.points else { return a.points > b.points }
        guard a.offer.id.hasSameBytes(as: b.offer.id) else {
            return a.offer.id.utf8.lexicographicallyPrecedes(b.offer.id.utf8)
        }
        return a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
    }

    /// Hands out the best, as far as they were not bought lately and their seller has not enough.
    private func deal(_ scored: [Scored], to hand: inout Hand, _ reader: Reader) {
        let since = reader.now.adding(seconds: -reader.scoring.boughtDays * 86_400)
        for item in scored where hand.cards.count < hand.limit {
            if let bought = purchases[Purchase.key(reader.user, item.key)]?.at, bought > since { continue }
            hand.take(item.offer, points: item.points, perSeller: reader.scoring.perSeller)
        }
    }
}

/// The cards so far.
private struct Hand {
    let limit: Int
    private(set) var cards: [Card] = []
    private var sellers: [String] = []

    init(_ limit: Int) { self.limit = limit }

    mutating func take(_ offer: Offer, points: Int64, perSeller: Int64) {
        let isThere = cards.contains { $0.kind == offer.kind && $0.id.hasSameBytes(as: offer.id) }
        let ofSeller = sellers.reduce(0) { $1.hasSameBytes(as: offer.sellerId) ? $0 + 1 : $0 }
        guard !isThere, ofSeller < perSeller else { return }
        cards.append(Card(id: offer.id, kind: offer.kind, score: points))
        sellers.append(offer.sellerId)
    }
}

/// One recommended offer.
package struct Card: Hashable, Sendable {
    package let id: String
    package let kind: OfferKind
    /// In whole points.
    package let score: Int64

    package init(id: String, kind: OfferKind, score: Int64) {
        self.id = id
        self.kind = kind
        self.score = score
    }

    /// As rules see it.
    var celValue: Value {
        .map(
            MapValue(
                sortedKeys: [.string("id"), .string("kind"), .string("score")],
                values: [.string(id), .string(kind.rawValue), .int(score)]))
    }
}

extension RecommendationAgent {
    /// Cards that can be asked for at once.
    private static let cardsMax: Int64 = 100

    /// `recommend(user, limit)` and `popular(user, limit)`, each also with a map of figures: cards `{id, kind, score}`,
    /// the best first.
    package static func functions(_ state: RecommendationState) -> [Function] {
        [
            function("recommend", state) { user, limit, scoring, now in
                do throws(RecommendationState.Refusal) {
                    return cards(try state.recommend(user, limit, scoring, at: now))
                } catch {
                    return .failure(.invalidArgument, "the session's place is not on Earth")
                }
            },
            function("popular", state) { cards(state.popular($0, $1, $2, at: $3)) },
        ]
    }

    private static func cards(_ cards: [Card]) -> Value { .list(cards.map(\.celValue)) }

    private static func function(
        _ name: String, _ state: RecommendationState,
        _ body: @escaping @Sendable (String, Int, Scoring, Instant) -> Value
    ) -> Function {
        let answer: Function.Body = { arguments in
            guard let user = arguments[0].stringValue, let limit = arguments[1].intValue, limit >= 0,
                limit <= cardsMax
            else { return .failure(.invalidArgument, "a user and a number of cards") }
            guard let scoring = arguments.count > 2 ? Scoring(arguments[2]) : Scoring() else {
                return .failure(.invalidArgument, "figures are integers of 0 to 10,000")
            }
            return body(user, Int(limit), scoring, state.context.recordedTime)
        }
        return Function(
            name,
            [
                .init([.string, .int], result: .list(.dyn), cost: 1000, body: answer),
                .init([.string, .int, .dyn], result: .list(.dyn), cost: 1000, body: answer),
            ])
    }
}
