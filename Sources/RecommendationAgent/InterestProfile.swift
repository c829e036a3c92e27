package import AgentKit

/// The interest profile of a user, from recent searches, views and purchases.
package struct InterestProfile: Row {
    package var userId = ""
    /// The tags of what was seen and bought and the terms searched for, the newest last.
    package var terms: [String] = []
    /// The category of the offer seen or bought last.
    package var category: String?
    /// The offers bought last, each once, the newest last.
    package var bought: [String] = []
    /// The user's place according to the present session, in millionths of a degree.
    package var latitude: Int64?
    package var longitude: Int64?

    package init() {}

    package static let name = "taste"
    package static let fields: RowFields<InterestProfile> = [
        .init("userId", \.userId), .init("terms", \.terms), .init("category", \.category), .init("bought", \.bought),
        .init("latitude", \.latitude), .init("longitude", \.longitude),
    ]

    /// The number of tags and terms kept.
    package static let termsMax = 50
    /// The number of earlier purchases with which the next one is counted as bought together.
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

    /// Notes an offer that was seen or bought.
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

/// The co-purchases of one offer: what its buyers also bought, the most frequent `placesMax` offers with their counts.
///
/// A heavy-hitters summary in bounded space, of the family of Misra and Gries ("Finding Repeated Elements", 1982) and
/// Space-Saving (Metwally, Agrawal and El Abbadi, 2005). An offer with a counter is counted; one without takes a free
/// counter. Where none is free only the smallest counter is decremented (Misra-Gries decrements all), and an offer
/// loses its counter to the newcomer when that would reach 0. Counts are never too high.
package struct CoPurchases: Row {
    package var offers: [String] = []
    /// The purchases counted for each.
    package var counts: [Int64] = []

    package init() {}

    package static let name = "companions"
    package static let fields: RowFields<CoPurchases> = [.init("offers", \.offers), .init("counts", \.counts)]

    /// Offers counted for one offer.
    package static let placesMax = 24

    /// Counts one purchase.
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
