package import AgentKit

extension RecommendationState {
    /// The most offers scored that match the user's terms.
    private static let byTermsMax = 256
    /// The most offers scored that are near the user.
    private static let nearMax = 96

    /// A reason to refuse recommendations.
    package enum Refusal: Error {
        /// The session says the user is at a place that does not exist.
        case place
    }

    /// The best offers for a user by interests, at most `limit`; none where no interests are known.
    /// - Throws: `Refusal.place` where the session's place is not on Earth.
    package func recommend(_ user: String, _ limit: Int, _ scoring: Scoring, at now: Instant) throws(Refusal) -> [Card]
    {
        let context = ScoringContext(user, scoring, in: self, at: now)
        if let place = context.profile.place, !place.isOnEarth { throw .place }
        guard context.terms.count > 0 else { return [] }
        var chosen = Candidates()
        chosen.add(byTerms(context))
        chosen.add(nearby(context))
        if let category = context.profile.category { chosen.add(topIndexes[TopIndex.category(category)]?.offers ?? []) }
        chosen.add(topIndexes[TopIndex.all]?.offers ?? [])
        chosen.add((0..<context.coPurchases.count).map { context.coPurchases.key(at: $0) })
        var selection = CardSelection(limit)
        select(score(chosen.best(.max), context), to: &selection, context)
        return selection.cards
    }

    /// The best offers of the user's last category, then of all.
    package func popular(_ user: String, _ limit: Int, _ scoring: Scoring, at now: Instant) -> [Card] {
        let context = ScoringContext(user, scoring, in: self, at: now)
        var selection = CardSelection(limit)
        if let category = context.profile.category, let index = topIndexes[TopIndex.category(category)] {
            select(score(index.offers, context), to: &selection, context)
        }
        select(score(topIndexes[TopIndex.all]?.offers ?? [], context), to: &selection, context)
        return selection.cards
    }

    private func byTerms(_ context: ScoringContext) -> [String] {
        var found = Candidates()
        for slot in 0..<context.terms.count {
            found.add(topIndexes[TopIndex.tag(context.terms.key(at: slot))], matches: 1)
        }
        return found.best(Self.byTermsMax)
    }

    private func nearby(_ context: ScoringContext) -> [String] {
        guard let place = context.place else { return [] }
        var found = Candidates()
        for cell in place.cell.neighbourhood { found.add(topIndexes[TopIndex.near(cell)], matches: 0) }
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

    /// Scores the offers that the user may see; the best first, ties by id.
    private func score(_ keys: [String], _ context: ScoringContext) -> [Scored] {
        var scored: [Scored] = []
        scored.reserveCapacity(keys.count)
        for key in keys {
            guard let offer = offers[key] else { continue }
            let metres = context.metres(to: offer)
            guard context.mayShow(offer, metres: metres) else { continue }
            scored.append(Scored(key: key, offer: offer, metres: metres, closeness: context.closeness(of: offer)))
        }
        let closest = scored.reduce(0) { max($0, $1.closeness) }
        for place in scored.indices {
            let item = scored[place]
            let trust = standings[item.offer.sellerId]?.trust ?? MemberStanding.trustAtFirst
            let parts = context.score(
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

    /// Takes the best offers, skipping recent purchases and sellers with enough cards.
    private func select(_ scored: [Scored], to selection: inout CardSelection, _ context: ScoringContext) {
        let since = context.now.adding(seconds: -context.scoring.boughtDays * 86_400)
        for item in scored where selection.cards.count < selection.limit {
            if let bought = purchases[Purchase.key(context.user, item.key)]?.at, bought > since { continue }
            selection.take(item.offer, points: item.points, perSeller: context.scoring.perSeller)
        }
    }
}

/// The cards selected so far.
private struct CardSelection {
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

    /// The card as rules see it.
    var celValue: Value {
        .map(
            MapValue(
                sortedKeys: [.string("id"), .string("kind"), .string("score")],
                values: [.string(id), .string(kind.rawValue), .int(score)]))
    }
}

extension RecommendationAgent {
    /// The most cards of one call.
    private static let cardsMax: Int64 = 100

    /// `recommend(user, limit)` and `popular(user, limit)`, each also with a map of parameters: cards `{id, kind,
    /// score}`, the best first.
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
