package import AgentKit

/// What counts for the automation of one complaint.
package struct ComplaintTrace: Row {
    /// Whether an administrator had a hand in it.
    package var isManual = false
    package var isEnded = false

    package init() {}

    package static let name = "complaintTrace"
    package static let fields: RowFields<ComplaintTrace> = [
        .init("isManual", \.isManual), .init("isEnded", \.isEnded),
    ]
}
