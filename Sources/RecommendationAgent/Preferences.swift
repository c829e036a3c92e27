package import AgentKit

/// What a user does not want to see.
package struct Preferences: Row {
    package var userId = ""
    package var hiddenCategories: [String] = []
    /// In minor units, whatever the currency.
    package var maxPrice: Int64?
    package var maxKm: Int64?

    package init() {}

    package static let name = "preferences"
    package static let fields: RowFields<Preferences> = [
        .init("userId", \.userId), .init("hiddenCategories", \.hiddenCategories), .init("maxPrice", \.maxPrice),
        .init("maxKm", \.maxKm),
    ]
}
