package import AgentKit

/// An administrator's override.
package struct Correction: Row {
    package var by = ""
    /// The entry it corrects.
    package var corrects = ""
    package var at = Instant.earliest

    package init() {}

    package static let name = "correction"
    package static let fields: RowFields<Correction> = [
        .init("by", \.by), .init("corrects", \.corrects), .init("at", \.at),
    ]
}
