package import AgentKit

/// A document of a verification; its hash stays in the entry.
package struct SubmittedDocument: Row {
    package var type = ""
    package var expires: Instant?

    package init() {}

    package static let name = "submittedDocument"
    package static let fields: RowFields<SubmittedDocument> = [.init("type", \.type), .init("expires", \.expires)]
}
