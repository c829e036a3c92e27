package import AgentKit

/// What a user lately looked for, saw and bought.
package struct Taste: Row {
    package var userId = ""
    /// The tags of what was seen and bought and the terms searched for, the newest last.
    package var terms: [String] = []
    /// Of what was seen or bought last.
    package var category: String?
    /// The offers bought last, each once, the newest last.
    package var bought: [String] = []
    /// Where the present session says the user is.
    package var latitude: Int64?
    package var longitude: Int64?

    package init() {}

    package static let name = "taste"
    package static let fields: RowFields<Taste> = [
        .init("userId", \.userId), .init("terms", \.terms), .init("category", \.category), .init("bought", \.bought),
        .init("latitude", \.latitude), .init("longitude", \.longitude),
    ]

    /// Tags and terms that count.
    package static let termsMax = 50
    /// Purchases that what is bought next is bought together with.
    package static let boughtMax = 4

    package var place: Place? {
        get {
            guard let latitude, let longitude else { return nil }
            return Place(latitude: latitude, longitude: longitude)
        }
        set {
            latitude = newValue?.latitude
            longitude = newValue?.longitude
        }
    }

    mutating func add(_ more: [String]) {
        guard !more.isEmpty else { return }
        terms = Array((terms + more).suffix(Self.termsMax))
    }

    /// Notes what was seen or bought.
    mutating func meet(_ offer: Offer) {
        add(offer.tags)
        if !offer.category.isEmpty { category = offer.category }
    }

    mutating func buy(_ key: String) {
        bought.removeAll { $0.hasSameBytes(as: key) }
        bought.append(key)
        if bought.count > Self.boughtMax { bought.removeFirst() }
    }
}

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
