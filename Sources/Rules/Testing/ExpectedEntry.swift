/// An entry that must follow. What is nil is not compared.
package struct ExpectedEntry: Sendable {
    package let type: String
    /// `agent/id`.
    package let rule: String?
    package let subject: String?
    package let because: String?
    /// RFC 8785 canonical JSON.
    package let data: [UInt8]?
    /// Whether `data` names only some members of what must be there.
    package let isPartial: Bool
    package let line: Int
}
