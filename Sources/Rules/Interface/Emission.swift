/// One decision to append.
package struct Emission: Sendable {
    package let type: EventType
    /// What the rule says, empty where it is about nothing; nil leaves the trigger's.
    package let subject: String?
    /// RFC 8785 canonical JSON that fits the declared type.
    package let data: [UInt8]

    package init(type: EventType, subject: String?, data: [UInt8]) {
        self.type = type
        self.subject = subject
        self.data = data
    }
}
