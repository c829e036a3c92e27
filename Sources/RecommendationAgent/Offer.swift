package import AgentKit

/// A product or a service that may be recommended.
package struct Offer: Row {
    package var id = ""
    package var kind = OfferKind.product
    package var sellerId = ""
    /// Empty for services.
    package var category = ""
    package var tags: [String] = []
    /// Of one piece or one license.
    package var price = Amount.zero
    /// Pieces that are not reserved; of a service 1 while it is available.
    package var stock: Int64 = 0
    package var isSuspended = false
    /// The lowest level that its buyers need: 0 (free) to 4 (vip).
    package var level: Int64 = 0
    package var latitude: Int64?
    package var longitude: Int64?
    package var heat = Heat.none
    /// What being listed added to its heat: a place on the shelves before anyone has seen it.
    package var listedHeat = Heat.none
    /// The heat with which its shelves know it.
    package var shelvedHeat = Heat.none
    /// Orders ever paid.
    package var orders: Int64 = 0

    package init() {}

    package static let name = "offer"
    package static let fields: RowFields<Offer> = [
        .init("id", \.id), .init("kind", \.kind), .init("sellerId", \.sellerId), .init("category", \.category),
        .init("tags", \.tags), .init("price", \.price), .init("stock", \.stock), .init("isSuspended", \.isSuspended),
        .init("level", \.level), .init("latitude", \.latitude), .init("longitude", \.longitude), .init("heat", \.heat),
        .init("listedHeat", \.listedHeat), .init("shelvedHeat", \.shelvedHeat), .init("orders", \.orders),
    ]

    /// Tags that count, the first ones.
    package static let tagsMax = 16
    /// Longer tags and terms do not count.
    package static let tagBytesMax = 64
    /// Orders count as that many doublings of a view: as four views.
    package static let orderDoublings: Int64 = 2

    /// Its views and orders, as views made now, in units of 2^−10.
    package func views(at time: Instant) -> Int64 { max(0, heat.views(at: time) - listedHeat.views(at: time)) }

    /// Whether it can be had.
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

    /// The key under which it is kept.
    package var key: String { kind.key(id) }

    /// The shelves it may stand on: of all, of its category, of its surroundings and of each of its tags.
    package var shelves: [String] {
        var names = [Shelf.all]
        if !category.isEmpty { names.append(Shelf.category(category)) }
        if let place, place.isOnEarth { names.append(Shelf.near(place.cell)) }
        for tag in tags { names.append(Shelf.tag(tag)) }
        return names
    }
}

/// What a card shows.
package enum OfferKind: String, RowValue, CaseIterable, Sendable {
    case product
    case service

    /// The key under which an offer of this kind is kept: products and services may have the same ids.
    package func key(_ id: String) -> String { rawValue + "/" + id }
}
