package import AgentKit

/// When a user last bought something; its key is the user and the offer.
package struct Purchase: Row {
    package var at = Instant.earliest

    package init() {}

    package static let name = "purchase"
    package static let fields: RowFields<Purchase> = [.init("at", \.at)]

    static func key(_ user: String, _ offer: String) -> String { user + "/" + offer }
}
