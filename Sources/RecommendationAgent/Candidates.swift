import AgentKit

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
