/// A refusal of bytes as I-JSON (RFC 7493), with the reason and the place.
package struct JSONError: Error, Equatable, Sendable {
    /// The rule that the input breaks.
    package enum Code: String, Sendable, CaseIterable {
        case malformed
        case duplicateName
        case loneSurrogate
        case invalidUTF8
        case integerRange
        case numberRange
        case depth
        case empty
        case size
    }

    /// The rule that the input breaks.
    package let code: Code
    /// The place of the error, in bytes from the start of the input.
    package let offset: Int
    /// The value with the error, as an RFC 6901 pointer; the root's is empty.
    package let pointer: String
    /// The error, without the place.
    package let message: String

    package init(_ code: Code, offset: Int, pointer: String = "", message: String) {
        self.code = code
        self.offset = offset
        self.pointer = pointer
        self.message = message
    }
}

extension JSONError: CustomStringConvertible {
    /// The place, then the error: ``byte 12, at `/data/a`: duplicate name `b` ``.
    package var description: String {
        pointer.isEmpty ? "byte \(offset): \(message)" : "byte \(offset), at `\(pointer)`: \(message)"
    }
}

/// The spelling of RFC 6901 pointers.
package enum JSONPointer {
    /// A member's name as a reference token: `~` as `~0` and `/` as `~1`.
    package static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        var token: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "~"): token += [byte, UInt8(ascii: "0")]
            case UInt8(ascii: "/"): token += [UInt8(ascii: "~"), UInt8(ascii: "1")]
            default: token.append(byte)
            }
        }
        return String(decoding: token, as: UTF8.self)
    }
}
