import AgentKit
import CommandKit
import RecommendationAgent

/// Benchmark of recommendations by leave-one-out evaluation: plays a history, and asks for ten cards just before each
/// user's last interaction, which they are to predict.
struct RecommendationBench {
    /// Cards of one recommendation.
    private static let cards = 10
    /// Number of times that the most popular products are counted.
    private static let countsMax = 50

    private let history: InteractionHistory
    private let scoring: Scoring
    private let shop = RecommendationFeed()
    private var counts: [Int]
    private var favourites: [Int] = []
    /// Products that each user ordered, which are not shown to them again.
    private var bought: [Set<Int>]
    private var random: InteractionRandom
    private var figures = RecommendationFigures()

    init(_ history: InteractionHistory, seed: UInt64) {
        self.history = history
        var scoring = Scoring()
        scoring.boughtDays = 10_000
        self.scoring = scoring
        counts = [Int](repeating: 0, count: history.offers.count)
        bought = [Set<Int>](repeating: [], count: history.userCount)
        random = InteractionRandom(seed: seed)
        figures.products = history.offers.count
        figures.users = history.userCount
    }

    mutating func run() -> RecommendationFigures {
        let clock = ContinuousClock()
        let start = clock.now
        var asking = Swift.Duration.zero
        let first = Instant(milliseconds: (history.interactions.first?.time ?? 0) * 1000)
        for (item, offer) in history.offers.enumerated() { shop.list(item, offer, at: first) }
        figures.events = history.offers.count
        let countEvery = history.interactions.count / Self.countsMax + 1
        for (index, interaction) in history.interactions.enumerated() {
            if index % countEvery == 0 { countAnew() }
            let before = clock.now
            if interaction.isAsked { ask(interaction, clock) }
            asking += clock.now - before
            play(interaction)
        }
        figures.foldSeconds = (clock.now - start - asking) / .seconds(1)
        return figures
    }

    private mutating func play(_ interaction: Interaction) {
        let time = Instant(milliseconds: interaction.time * 1000)
        shop.view(interaction, at: time)
        figures.events += 1
        if interaction.isOrder {
            shop.order(interaction, at: time)
            figures.events += 2
            bought[interaction.user].insert(interaction.item)
        }
        counts[interaction.item] += 1
    }

    private mutating func countAnew() {
        let sorted = counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
        favourites = Array(sorted.prefix(1000))
    }

    private mutating func ask(_ interaction: Interaction, _ clock: ContinuousClock) {
        let time = Instant(milliseconds: interaction.time * 1000)
        let user = interaction.user
        let place = history.places.isEmpty ? nil : history.places[user]
        shop.start(user, place, at: time)
        let start = clock.now
        let cards = (try? shop.state.recommend(RecommendationFeed.user(user), Self.cards, scoring, at: time)) ?? []
        let taken = clock.now - start
        figures.nanoseconds.append(UInt64(max(0, taken / .nanoseconds(1))))
        let mine = bought[user]
        let popular = favourites.lazy.filter { !mine.contains($0) }.prefix(Self.cards)
        Self.count(cards.compactMap(RecommendationFeed.item), interaction.item, in: &figures.recommended)
        Self.count(Array(popular), interaction.item, in: &figures.popular)
        Self.count(
            (0..<Self.cards).map { _ in random.below(history.offers.count) }, interaction.item, in: &figures.random)
    }

    private static func count(_ items: [Int], _ next: Int, in way: inout RecommendationFigures.Way) {
        if items.contains(next) { way.hits += 1 }
        way.shown.formUnion(items)
    }
}

/// Quality and speed of recommendations. Rates are fractions of 1.
struct RecommendationFigures: Sendable {
    var products = 0
    var users = 0
    /// Number of events folded, and the seconds that took.
    var events = 0
    var foldSeconds = 0.0
    /// Latency of each recommendation.
    var nanoseconds: [UInt64] = []

    /// Result of one way to choose ten cards.
    struct Way: Sendable {
        let name: String
        var hits = 0
        var shown: Set<Int> = []
    }

    var recommended = Way(name: "recommended")
    var popular = Way(name: "most popular")
    var random = Way(name: "random")

    var asked: Int { nanoseconds.count }

    /// Fraction of the askings in which the product that the user met next was among the ten.
    func hitRate(_ way: Way) -> Double { asked > 0 ? Double(way.hits) / Double(asked) : 0 }
    /// Fraction of all products that were shown to anybody.
    func coverage(_ way: Way) -> Double { products > 0 ? Double(way.shown.count) / Double(products) : 0 }
}

/// Result of the benchmark of recommendations, as it is printed.
struct RecommendationMeasurement: Encodable {
    /// Result of one way to choose ten cards; rates are fractions of 1.
    struct Way: Encodable {
        let hitRate: Double
        let coverage: Double
    }

    let latency: Measurement
    let products: Int
    let users: Int
    /// Events folded a second.
    let eventsPerSecond: Double
    let recommended: Way
    let popular: Way
    let random: Way

    init(_ figures: RecommendationFigures) {
        let nanoseconds = figures.nanoseconds
        latency = Measurement(
            "recommendations", count: nanoseconds.count, unit: "recommendations",
            seconds: Double(nanoseconds.reduce(0, +)) / 1e9, nanoseconds: nanoseconds)
        products = figures.products
        users = figures.users
        eventsPerSecond = figures.foldSeconds > 0 ? Double(figures.events) / figures.foldSeconds : 0
        func way(_ way: RecommendationFigures.Way) -> Way {
            Way(hitRate: figures.hitRate(way), coverage: figures.coverage(way))
        }
        recommended = way(figures.recommended)
        popular = way(figures.popular)
        random = way(figures.random)
    }

    /// The result as text.
    var text: String {
        func percent(_ share: Double) -> String { Text.decimal(share * 100, places: 2) + " %" }
        func line(_ name: String, _ way: Way) -> String {
            "  \(name): \(percent(way.hitRate)) hits among ten, \(percent(way.coverage)) of the products shown"
        }
        return [
            latency.text,
            "  \(Text.grouped(UInt64(products))) products, \(Text.grouped(UInt64(users))) users; "
                + "\(Text.grouped(UInt64(eventsPerSecond.rounded()))) events/s folded",
            line("recommended", recommended), line("most popular", popular), line("random", random),
        ].joined(separator: "\n")
    }
}
