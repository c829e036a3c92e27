// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `erasure.completed`, as far as it is read here.
package struct ErasureCompleted: EventView {
    package static let type = "erasure.completed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
}

/// The data of `inventory.released`, as far as it is read here.
package struct InventoryReleased: EventView {
    package static let type = "inventory.released"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var quantity: Int64 { Field.integer(data.document, Field.node(data, "quantity")) }
}

/// The data of `inventory.reserved`, as far as it is read here.
package struct InventoryReserved: EventView {
    package static let type = "inventory.reserved"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var quantity: Int64 { Field.integer(data.document, Field.node(data, "quantity")) }
}

/// The data of `level.changed`, as far as it is read here.
package struct LevelChanged: EventView {
    package static let type = "level.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var to: String { Field.text(data.document, Field.node(data, "to")) }
}

/// The data of `level.expired`, as far as it is read here.
package struct LevelExpired: EventView {
    package static let type = "level.expired"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
}

/// The data of `license.granted`, as far as it is read here.
package struct LicenseGranted: EventView {
    package static let type = "license.granted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
}

/// The data of `order.accepted`, as far as it is read here.
package struct OrderAccepted: EventView {
    package static let type = "order.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var buyerId: String { Field.text(data.document, Field.node(data, "buyerId")) }
    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
}

/// The data of `order.cancellation.accepted`, as far as it is read here.
package struct OrderCancellationAccepted: EventView {
    package static let type = "order.cancellation.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.expired`, as far as it is read here.
package struct OrderExpired: EventView {
    package static let type = "order.expired"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.processing`, as far as it is read here.
package struct OrderProcessing: EventView {
    package static let type = "order.processing"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `preferences.set`, as far as it is read here.
package struct PreferencesSet: EventView {
    package static let type = "preferences.set"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var hiddenCategories: [String] { Field.texts(data.document, Field.node(data, "hiddenCategories")) }
    package var maxPrice: Int64? { Field.integerIfAny(data.document, Field.node(data, "maxPrice")) }
    package var maxKm: Int64? { Field.integerIfAny(data.document, Field.node(data, "maxKm")) }
    package var profiling: Bool? { Field.flagIfAny(data.document, Field.node(data, "profiling")) }
}

/// The data of `product.recorded`, as far as it is read here.
package struct ProductRecorded: EventView {
    package static let type = "product.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var sellerId: String { Field.text(data.document, Field.node(data, "sellerId")) }
    package var category: String { Field.text(data.document, Field.node(data, "category")) }
    package var tags: [String] { Field.texts(data.document, Field.node(data, "tags")) }
    package var price: Int64 { Field.integer(data.document, Field.node(data, "price")) }
    package var stock: Int64? { Field.integerIfAny(data.document, Field.node(data, "stock")) }
    package var location: Location { Location(data.document, Field.node(data, "location")) }
    package var requiredLevel: String? { Field.textIfAny(data.document, Field.node(data, "requiredLevel")) }

    /// The record `location`.
    package struct Location: RecordView {
        package let document: Document
        package private(set) var latNode: UInt32 = 0
        package private(set) var lonNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 3 where document.isNamed(node, "lat"): latNode = node
                case 3 where document.isNamed(node, "lon"): lonNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var lat: View? { Field.view(document, latNode) }
        package var lon: View? { Field.view(document, lonNode) }
    }
}

/// The data of `product.stock.recorded`, as far as it is read here.
package struct ProductStockRecorded: EventView {
    package static let type = "product.stock.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var delta: Int64 { Field.integer(data.document, Field.node(data, "delta")) }
}

/// The data of `product.viewed`, as far as it is read here.
package struct ProductViewed: EventView {
    package static let type = "product.viewed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
}

/// The data of `search.performed`, as far as it is read here.
package struct SearchPerformed: EventView {
    package static let type = "search.performed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var terms: [String] { Field.texts(data.document, Field.node(data, "terms")) }
    package var location: Location { Location(data.document, Field.node(data, "location")) }

    /// The record `location`.
    package struct Location: RecordView {
        package let document: Document
        package private(set) var latNode: UInt32 = 0
        package private(set) var lonNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 3 where document.isNamed(node, "lat"): latNode = node
                case 3 where document.isNamed(node, "lon"): lonNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var lat: View? { Field.view(document, latNode) }
        package var lon: View? { Field.view(document, lonNode) }
    }
}

/// The data of `service.availability.changed`, as far as it is read here.
package struct ServiceAvailabilityChanged: EventView {
    package static let type = "service.availability.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var available: Bool { Field.flag(data.document, Field.node(data, "available")) }
}

/// The data of `service.recorded`, as far as it is read here.
package struct ServiceRecorded: EventView {
    package static let type = "service.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var providerId: String { Field.text(data.document, Field.node(data, "providerId")) }
    package var tags: [String] { Field.texts(data.document, Field.node(data, "tags")) }
    package var price: Int64 { Field.integer(data.document, Field.node(data, "price")) }
    package var available: Bool { Field.flag(data.document, Field.node(data, "available")) }
    package var requiredLevel: String { Field.text(data.document, Field.node(data, "requiredLevel")) }
}

/// The data of `service.restored`, as far as it is read here.
package struct ServiceRestored: EventView {
    package static let type = "service.restored"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
}

/// The data of `service.suspended`, as far as it is read here.
package struct ServiceSuspended: EventView {
    package static let type = "service.suspended"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
}

/// The data of `session.started`, as far as it is read here.
package struct SessionStarted: EventView {
    package static let type = "session.started"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var location: Location { Location(data.document, Field.node(data, "location")) }

    /// The record `location`.
    package struct Location: RecordView {
        package let document: Document
        package private(set) var latNode: UInt32 = 0
        package private(set) var lonNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 3 where document.isNamed(node, "lat"): latNode = node
                case 3 where document.isNamed(node, "lon"): lonNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var lat: View? { Field.view(document, latNode) }
        package var lon: View? { Field.view(document, lonNode) }
    }
}

/// The data of `trust.changed`, as far as it is read here.
package struct TrustChanged: EventView {
    package static let type = "trust.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var to: Int64 { Field.integer(data.document, Field.node(data, "to")) }
}

/// The data of `user.recorded`, as far as it is read here.
package struct UserRecorded: EventView {
    package static let type = "user.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var level: String? { Field.textIfAny(data.document, Field.node(data, "level")) }
    package var trustScore: Int64? { Field.integerIfAny(data.document, Field.node(data, "trustScore")) }
    package var tags: [String] { Field.texts(data.document, Field.node(data, "tags")) }
}

/// The data of `verification.approved`, as far as it is read here.
package struct VerificationApproved: EventView {
    package static let type = "verification.approved"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var kind: String { Field.text(data.document, Field.node(data, "kind")) }
}
