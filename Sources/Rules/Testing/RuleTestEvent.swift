/// An event of a test. One of a type that producers send runs as a whole cascade; any other is only folded.
package struct RuleTestEvent: Sendable {
    package let type: String
    /// RFC 3339; nil takes the clock.
    package let time: String?
    package let subject: String?
    /// The principal that sends it.
    package let authority: String?
    /// RFC 8785 canonical JSON.
    package let data: [UInt8]
    package let line: Int
}
