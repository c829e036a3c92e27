package import AgentKit

/// A service of the AI marketplace.
package struct Service: Row {
    package var providerId = ""
    package var isAvailable = false

    package init() {}

    package static let name = "service"
    package static let fields: [RowField<Service>] = [
        .init("providerId", \.providerId), .init("isAvailable", \.isAvailable),
    ]
}
