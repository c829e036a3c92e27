/// Who met what, in order of time: generated with tastes planted in it, or read from a file of interactions.
struct TasteHistory: Sendable {
    var offers: [TasteOffer]
    var interactions: [TasteInteraction]
    var userCount: Int
    /// Where each user is; empty where nobody says.
    var places: [(latitude: Double, longitude: Double)]

    /// Marks the last interaction of every `each`-th user that has at least `least`.
    mutating func askLast(each: Int, least: Int) {
        var seen = [Int](repeating: 0, count: userCount)
        var last = [Int](repeating: -1, count: userCount)
        for (index, interaction) in interactions.enumerated() {
            seen[interaction.user] += 1
            last[interaction.user] = index
        }
        for user in stride(from: 0, to: userCount, by: max(1, each)) where seen[user] >= least {
            interactions[last[user]].isAsked = true
        }
    }
}

/// A product of a history of tastes.
struct TasteOffer: Sendable {
    var seller: Int
    var category: String
    var tags: [String]
    /// Where it is, in degrees; nil where nobody says.
    var place: (latitude: Double, longitude: Double)?
}

/// A user meets a product: sees it, or orders it too.
struct TasteInteraction: Sendable {
    var user: Int
    var item: Int
    /// Seconds since 1970.
    var time: Int64
    var isOrder: Bool
    /// Whether it is the user's last one, which a recommendation made just before it is to foretell.
    var isAsked = false
}
