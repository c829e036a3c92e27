import CommandKit

/// What the benchmark of recommendations found.
struct TasteMeasurement: Encodable {
    /// One way to choose ten cards; rates are shares of 1.
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

    init(_ figures: TasteFigures) {
        let nanoseconds = figures.nanoseconds
        latency = Measurement(
            "recommendations", count: nanoseconds.count, unit: "recommendations",
            seconds: Double(nanoseconds.reduce(0, +)) / 1e9, nanoseconds: nanoseconds)
        products = figures.products
        users = figures.users
        eventsPerSecond = figures.foldSeconds > 0 ? Double(figures.events) / figures.foldSeconds : 0
        func way(_ way: TasteFigures.Way) -> Way {
            Way(hitRate: figures.hitRate(way), coverage: figures.coverage(way))
        }
        recommended = way(figures.recommended)
        popular = way(figures.popular)
        random = way(figures.random)
    }

    /// For reading.
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
