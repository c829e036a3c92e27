package import AgentKit

/// The hottest offers of one kind, at most `placesMax`: where candidates are found without looking at every offer. Its
/// key says which kind.
package struct Shelf: Row {
    package var offers: [String] = []
    /// How hot each offer was when it was put here or last grew by a halving.
    package var heats: [Heat] = []

    package init() {}

    package static let name = "shelf"
    package static let fields: RowFields<Shelf> = [.init("offers", \.offers), .init("heats", \.heats)]

    /// Offers on one shelf.
    package static let placesMax = 64

    package static let all = "all"
    package static func category(_ category: String) -> String { "category/" + category }
    package static func near(_ cell: Place.Cell) -> String { "near/" + String(cell.row) + "/" + String(cell.column) }
    package static func tag(_ tag: String) -> String { "tag/" + tag }

    /// Puts an offer here, or notes how hot it is now; where all places are taken the coolest one makes room, if it is
    /// cooler.
    /// - Returns: whether anything changed.
    mutating func put(_ offer: String, _ heat: Heat) -> Bool {
        if let place = place(of: offer) {
            heats[place] = heat
            return true
        }
        guard offers.count == Self.placesMax else {
            offers.append(offer)
            heats.append(heat)
            return true
        }
        var coolest = 0
        for place in heats.indices where heats[place] < heats[coolest] { coolest = place }
        guard heats[coolest] < heat else { return false }
        offers[coolest] = offer
        heats[coolest] = heat
        return true
    }

    /// Takes an offer away.
    mutating func remove(_ offer: String) {
        guard let place = place(of: offer) else { return }
        offers.remove(at: place)
        heats.remove(at: place)
    }

    private func place(of offer: String) -> Int? { offers.firstIndex { $0.hasSameBytes(as: offer) } }
}

extension String {
    /// With A to Z in lower case, as tags and terms are compared.
    var asciiLowercased: String {
        guard utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) else { return self }
        return String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}

/// Offers worth scoring, found on shelves: each once, with the number of the user's terms under which it stands.
struct Candidates {
    private var index = KeyIndex()
    private var ranks: [Int64] = []

    /// A place on a term's shelf counts more than any heat.
    private static let match: Int64 = 1 << 48

    var isEmpty: Bool { ranks.isEmpty }

    /// Adds what stands on a shelf.
    mutating func add(_ shelf: Shelf?, matches: Int64) {
        guard let shelf else { return }
        for (offer, heat) in zip(shelf.offers, shelf.heats) {
            let place = unsafe KeyIndex.withBytes(of: offer) { unsafe index.insert($0) }
            if place == ranks.count { ranks.append(max(0, heat.value)) }
            ranks[place] += matches * Self.match
        }
    }

    /// Adds offers without regard to their heat.
    mutating func add(_ offers: [String]) {
        for offer in offers {
            let place = unsafe KeyIndex.withBytes(of: offer) { unsafe index.insert($0) }
            if place == ranks.count { ranks.append(Self.match) }
        }
    }

    /// The best, by terms and then by heat; among equals those added first.
    func best(_ count: Int) -> [String] {
        guard ranks.count > count else { return ranks.indices.map { index.key(at: $0) } }
        let places = ranks.indices.sorted { ranks[$0] != ranks[$1] ? ranks[$0] > ranks[$1] : $0 < $1 }
        return places.prefix(count).map { index.key(at: $0) }
    }
}
