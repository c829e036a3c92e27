package import AgentKit

/// What is bought by those who bought one offer, at most `placesMax`.
package struct Companions: Row {
    package var offers: [String] = []
    /// Purchases of each.
    package var counts: [Int64] = []

    package init() {}

    package static let name = "companions"
    package static let fields: RowFields<Companions> = [.init("offers", \.offers), .init("counts", \.counts)]

    /// Companions of one offer.
    package static let placesMax = 24

    /// Counts one purchase. Where all places are taken the rarest loses one, and its place with the last.
    mutating func add(_ offer: String) {
        if let place = offers.firstIndex(where: { $0.hasSameBytes(as: offer) }) {
            counts[place] += 1
            return
        }
        guard offers.count == Self.placesMax else {
            offers.append(offer)
            counts.append(1)
            return
        }
        var rarest = 0
        for place in counts.indices where counts[place] < counts[rarest] { rarest = place }
        if counts[rarest] > 1 {
            counts[rarest] -= 1
        } else {
            offers[rarest] = offer
        }
    }
}
