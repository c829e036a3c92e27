/// Decimal spelling of integers.
enum DecimalInteger {
    /// Writes a value of at most nineteen digits and answers its bytes, twenty at most.
    @inline(__always) static func write(_ value: Int64, to target: UnsafeMutableRawPointer) -> Int {
        var rest = value.magnitude
        var length = value < 0 ? 1 : 0
        if value < 0 { unsafe target.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self) }
        length += digits(rest)
        var at = length
        repeat {
            at -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            unsafe target.storeBytes(
                of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit), toByteOffset: at, as: UInt8.self)
            rest = quotient
        } while rest != 0
        return length
    }

    @inline(__always) private static func digits(_ value: UInt64) -> Int {
        var count = 1
        var rest = value
        while rest >= 10_000 {
            rest /= 10_000
            count += 4
        }
        if rest >= 1_000 { return count + 3 }
        if rest >= 100 { return count + 2 }
        return rest >= 10 ? count + 1 : count
    }
}
