/// How well and how fast recommendations were made. Rates are shares of 1.
package struct TasteFigures: Sendable {
    package var products = 0
    package var users = 0
    /// Events folded, and the seconds it took.
    package var events = 0
    package var foldSeconds = 0.0
    /// How long each recommendation took.
    package var nanoseconds: [UInt64] = []

    /// What came of one way to choose ten cards.
    package struct Way: Sendable {
        package let name: String
        package var hits = 0
        package var shown: Set<Int> = []
    }

    package var recommended = Way(name: "recommended")
    package var popular = Way(name: "most popular")
    package var random = Way(name: "random")

    package var asked: Int { nanoseconds.count }

    /// How often the product that the user met next was among the ten.
    package func hitRate(_ way: Way) -> Double { asked > 0 ? Double(way.hits) / Double(asked) : 0 }
    /// How many of all products were shown to anybody.
    package func coverage(_ way: Way) -> Double { products > 0 ? Double(way.shown.count) / Double(products) : 0 }
}
