import AgentKit

/// Decimals of events as integers of 10^−6, read from their digits: half a unit is rounded up.
enum Millionths {
    /// Of a number in canonical JSON; what is too large to be meant stands at the end of the range.
    static func of(_ number: View) -> Int64 {
        unsafe number.withCanonicalBytes { unsafe read($0) }
    }

    /// Beyond that no digits are read: a million units.
    private static let greatest: Int64 = 1_000_000_000_000

    private static func read(_ digits: UnsafeRawBufferPointer) -> Int64 {
        var value: Int64 = 0
        var places = -1
        var isNegative = false
        for index in 0..<digits.count {
            switch unsafe digits[index] {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): places = 0
            case UInt8(ascii: "e"):
                // Canonical numbers have an exponent below a millionth or from 10^21 on.
                let exponent = unsafe UnsafeRawBufferPointer(rebasing: digits[(index + 1)...])
                guard unsafe exponent.first == UInt8(ascii: "-") else { return isNegative ? -greatest : greatest }
                let isHalf = unsafe exponent.elementsEqual("-7".utf8) && digits[isNegative ? 1 : 0] >= UInt8(ascii: "5")
                return isHalf ? (isNegative ? -1 : 1) : 0
            case let digit where places < 6:
                value = min(greatest, value * 10 + Int64(digit) - 0x30)
                if places >= 0 { places += 1 }
            case let digit:
                if places == 6, digit >= UInt8(ascii: "5") { value += 1 }
                places = 7
            }
        }
        for _ in min(6, max(0, places))..<6 { value = min(greatest, value * 10) }
        return isNegative ? -value : value
    }
}
