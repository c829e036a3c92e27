package import AgentKit

/// A person whose key is destroyed, or is to be destroyed at once.
package struct ErasedPerson: Row {
    package var requestId = ""
    package var at = Instant.earliest

    package init() {}

    package static let name = "erasedPerson"
    package static let fields: RowFields<ErasedPerson> = [.init("requestId", \.requestId), .init("at", \.at)]
}
