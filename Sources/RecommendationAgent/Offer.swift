package import AgentKit

/// A product or a service that may be recommended.
package struct Offer: Row {
    package var id = ""
    package var kind = OfferKind.product
    package var sellerId = ""
    /// Empty for services.
    package var category = ""
    package var tags: [String] = []
    /// The price of one piece or one license.
    package var price = Amount.zero
    /// Pieces that are not reserved; for a service 1 while it is available.
    package var stock: Int64 = 0
    package var isSuspended = false
    /// The rank of the lowest level that may buy it (`MemberStanding.rank`).
    package var level: Int64 = 0
    package var latitude: Int64?
    package var longitude: Int64?
    package var popularity = DecayedPopularity.none
    /// The popularity it was given when listed, for a place in the indexes before anyone has seen it.
    package var listedPopularity = DecayedPopularity.none
    /// The popularity that its indexes hold.
    package var indexedPopularity = DecayedPopularity.none
    /// The number of orders ever paid.
    package var orders: Int64 = 0

    package init() {}

    package static let name = "offer"
    package static let fields: RowFields<Offer> = [
        .init("id", \.id), .init("kind", \.kind), .init("sellerId", \.sellerId), .init("category", \.category),
        .init("tags", \.tags), .init("price", \.price), .init("stock", \.stock), .init("isSuspended", \.isSuspended),
        .init("level", \.level), .init("latitude", \.latitude), .init("longitude", \.longitude),
        .init("heat", \.popularity),
        .init("listedHeat", \.listedPopularity), .init("shelvedHeat", \.indexedPopularity), .init("orders", \.orders),
    ]

    /// The number of tags kept, the first ones.
    package static let tagsMax = 16
    /// The length above which tags and terms are ignored.
    package static let tagBytesMax = 64
    /// The weight of an order as doublings of a view: four views.
    package static let orderDoublings: Int64 = 2

    /// Its views and orders, as views made now, in units of 2^−10.
    package func views(at time: Instant) -> Int64 {
        max(0, popularity.views(at: time) - listedPopularity.views(at: time))
    }

    /// Indicates that it is in stock and not suspended.
    package var isOffered: Bool { stock > 0 && !isSuspended }

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

    /// The key of its row.
    package var key: String { kind.key(id) }

    /// The keys of the indexes it belongs in: of all, of its category, of its cell of the map and of each of its tags.
    package var topIndexKeys: [String] {
        var names = [TopIndex.all]
        if !category.isEmpty { names.append(TopIndex.category(category)) }
        if let place, place.isOnEarth { names.append(TopIndex.near(place.cell)) }
        for tag in tags { names.append(TopIndex.tag(tag)) }
        return names
    }
}

/// The kind of an offer.
package enum OfferKind: String, RowValue, CaseIterable, Sendable {
    case product
    case service

    /// The key of an offer's row: products and services may have the same ids.
    package func key(_ id: String) -> String { rawValue + "/" + id }
}
