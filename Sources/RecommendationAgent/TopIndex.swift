package import AgentKit

/// A top-k index: the `placesMax` most popular offers of one group, so that candidates are found without looking at
/// every offer. Its key names the group: all, a category, a cell of the map or a tag.
package struct TopIndex: Row {
    package var offers: [String] = []
    /// The popularity of each offer when it was put here or had last doubled.
    package var popularities: [DecayedPopularity] = []

    package init() {}

    package static let name = "shelf"
    package static let fields: RowFields<TopIndex> = [.init("offers", \.offers), .init("heats", \.popularities)]

    /// Offers in one index (k).
    package static let placesMax = 64

    package static let all = "all"
    package static func category(_ category: String) -> String { "category/" + category }
    package static func near(_ cell: Place.Cell) -> String { "near/" + String(cell.row) + "/" + String(cell.column) }
    package static func tag(_ tag: String) -> String { "tag/" + tag }

    /// Puts an offer here or updates its popularity; where all places are taken it replaces the least popular one, if
    /// that is less popular.
    /// - Returns: true if anything changed.
    mutating func put(_ offer: String, _ popularity: DecayedPopularity) -> Bool {
        if let place = place(of: offer) {
            popularities[place] = popularity
            return true
        }
        guard offers.count == Self.placesMax else {
            offers.append(offer)
            popularities.append(popularity)
            return true
        }
        var least = 0
        for place in popularities.indices where popularities[place] < popularities[least] { least = place }
        guard popularities[least] < popularity else { return false }
        offers[least] = offer
        popularities[least] = popularity
        return true
    }

    /// Takes an offer away.
    mutating func remove(_ offer: String) {
        guard let place = place(of: offer) else { return }
        offers.remove(at: place)
        popularities.remove(at: place)
    }

    private func place(of offer: String) -> Int? { offers.firstIndex { $0.hasSameBytes(as: offer) } }
}

extension String {
    /// The text with A to Z in lower case, as tags and terms are compared.
    var asciiLowercased: String {
        guard utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) else { return self }
        return String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}

/// Offers worth scoring, collected from top-k indexes: each once, ranked by the number of the user's terms that it
/// matches.
struct Candidates {
    private var index = KeyIndex()
    private var ranks: [Int64] = []

    /// The rank of one matching term, above that of any popularity.
    private static let match: Int64 = 1 << 48

    var isEmpty: Bool { ranks.isEmpty }

    /// Adds the offers of an index.
    mutating func add(_ found: TopIndex?, matches: Int64) {
        guard let found else { return }
        for (offer, popularity) in zip(found.offers, found.popularities) {
            let slot = unsafe KeyIndex.withBytes(of: offer) { unsafe index.insert($0) }
            if slot == ranks.count { ranks.append(max(0, popularity.value)) }
            ranks[slot] += matches * Self.match
        }
    }

    /// Adds offers without regard to their popularity.
    mutating func add(_ offers: [String]) {
        for offer in offers {
            let slot = unsafe KeyIndex.withBytes(of: offer) { unsafe index.insert($0) }
            if slot == ranks.count { ranks.append(Self.match) }
        }
    }

    /// The best, by matching terms and then by popularity; among equals those added first.
    func best(_ count: Int) -> [String] {
        guard ranks.count > count else { return ranks.indices.map { index.key(at: $0) } }
        let slots = ranks.indices.sorted { ranks[$0] != ranks[$1] ? ranks[$0] > ranks[$1] : $0 < $1 }
        return slots.prefix(count).map { index.key(at: $0) }
    }
}
