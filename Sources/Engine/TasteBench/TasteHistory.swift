/// Who met what, in order of time: generated with tastes planted in it, or read from a file of interactions.
package struct TasteHistory: Sendable {
    package var offers: [TasteOffer]
    package var interactions: [TasteInteraction]
    package var userCount: Int
    /// Where each user is; empty where nobody says.
    package var places: [(latitude: Double, longitude: Double)]

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
