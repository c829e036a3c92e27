/// One way in which data does not fit its declared type.
package struct Violation: Sendable, Hashable {
    /// RFC 6901, from the data.
    package let pointer: String
    /// Lower case, no full stop, input in backticks.
    package let message: String

    package init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }
}

extension Violation: CustomStringConvertible {
    package var description: String { pointer.isEmpty ? message : "\(pointer): \(message)" }
}
