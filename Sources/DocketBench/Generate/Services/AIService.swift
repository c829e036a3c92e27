/// A service that a provider offers.
struct AIService {
    let number: Int
    let provider: Int
    /// In minor units.
    let price: Int
    let currency: Currency
    /// Calls that one license holds; nil for a subscription.
    let calls: Int?
    let level: Level
    /// How well it works, 0 to 100.
    var quality: Int
    /// How much worse it gets with each day.
    let decay: Int
    var isAvailable = true
    /// The last scores reported, at most 20.
    var scores: [Int] = []
    /// Whether the reports were bad enough that it waits for a review.
    var isSuspended = false

    var id: Ident { .service(number) }
    var mean: Int { scores.isEmpty ? 100 : scores.reduce(0, +) / scores.count }
}
