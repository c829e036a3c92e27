package import AgentKit

/// What a verification asked for, kept until it is answered.
package struct Request: Row {
    package var userId = ""
    /// `kyc` or `upgrade`.
    package var kind = ""
    package var targetLevel: String?
    package var documents: [SubmittedDocument] = []
    /// The tests reported as passed: mcq, practical, interview.
    package var passed: [String] = []

    package init() {}

    package static let name = "verification"
    package static let fields: RowFields<Request> = [
        .init("userId", \.userId), .init("kind", \.kind), .init("targetLevel", \.targetLevel),
        .init("documents", \.documents), .init("passed", \.passed),
    ]
}
