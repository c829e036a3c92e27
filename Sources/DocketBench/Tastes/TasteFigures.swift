/// How well and how fast recommendations were made. Rates are shares of 1.
struct TasteFigures: Sendable {
    var products = 0
    var users = 0
    /// Events folded, and the seconds it took.
    var events = 0
    var foldSeconds = 0.0
    /// How long each recommendation took.
    var nanoseconds: [UInt64] = []

    /// What came of one way to choose ten cards.
    struct Way: Sendable {
        let name: String
        var hits = 0
        var shown: Set<Int> = []
    }

    var recommended = Way(name: "recommended")
    var popular = Way(name: "most popular")
    var random = Way(name: "random")

    var asked: Int { nanoseconds.count }

    /// How often the product that the user met next was among the ten.
    func hitRate(_ way: Way) -> Double { asked > 0 ? Double(way.hits) / Double(asked) : 0 }
    /// How many of all products were shown to anybody.
    func coverage(_ way: Way) -> Double { products > 0 ? Double(way.shown.count) / Double(products) : 0 }
}
