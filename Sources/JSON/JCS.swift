/// The order of members that RFC 8785 (JSON Canonicalization Scheme) prescribes.
package enum JCS {
    /// Compares two member names given as UTF-8 in the order of their UTF-16 code units (RFC 8785 §3.2.3): negative,
    /// zero or positive.
    package static func compareKeys(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        let shared = min(a.count, b.count)
        var i = 0
        while i < shared {
            let x = unsafe a[i]
            let y = unsafe b[i]
            if x != y { return order(x, y) }
            i += 1
        }
        return a.count - b.count
    }

    /// Compares two member names in the order of their UTF-16 code units.
    package static func compareKeys(_ a: String, _ b: String) -> Int {
        var a = a
        var b = b
        return a.withUTF8 { x in
            b.withUTF8 { y in unsafe compareKeys(UnsafeRawBufferPointer(x), UnsafeRawBufferPointer(y)) }
        }
    }

    /// Returns whether member `a` comes before member `b` in a canonical object.
    package static func precedes(_ a: String, _ b: String) -> Bool { compareKeys(a, b) < 0 }

    /// Orders the first bytes that differ: a character above U+FFFF (lead byte F0 to F4) is spelled with surrogates in
    /// UTF-16 and so comes before U+E000 to U+FFFF (lead byte EE or EF).
    @inline(__always) static func order(_ x: UInt8, _ y: UInt8) -> Int {
        if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) { return x >= 0xF0 ? -1 : 1 }
        return Int(x) - Int(y)
    }
}

/// Spelling of numbers as ECMAScript's `Number::toString` does, which RFC 8785 §3.2.2.3 prescribes.
package enum ECMAScriptNumber {
    /// The spelling of a finite number.
    package static func text(_ value: Double) -> String {
        precondition(value.isFinite, "no JSON number")
        return unsafe String(unsafeUninitializedCapacity: Limits.numberBytesMax + 16) { buffer in
            unsafe write(value, to: UnsafeMutableRawPointer(buffer.baseAddress!))
        }
    }

    /// The value of a well-formed number.
    static func value(_ text: UnsafeRawBufferPointer) -> Double? {
        // With up to fifteen digits and six decimals both parts of the quotient are exact, so it is rounded once.
        if text.count <= 16, let point = unsafe text.firstIndex(of: UInt8(ascii: ".")), text.count - point <= 7 {
            var digits: Int64 = 0
            var scale = 1.0
            var isPlain = true
            for at in (unsafe text[0] == UInt8(ascii: "-") ? 1 : 0)..<text.count where at != point {
                let digit = unsafe text[at] &- UInt8(ascii: "0")
                if digit > 9 { isPlain = false }
                digits = digits &* 10 &+ Int64(digit)
                if at > point { scale *= 10 }
            }
            if isPlain { return (unsafe text[0] == UInt8(ascii: "-") ? -1 : 1) * Double(digits) / scale }
        }
        return unsafe Double(String(decoding: text, as: UTF8.self))
    }

    /// Writes a finite number; returns the number of bytes, at most twenty-five.
    static func write(_ value: Double, to target: UnsafeMutableRawPointer) -> Int {
        if value.magnitude < 9_007_199_254_740_992, value == value.rounded(.towardZero) {
            // Negative zero too is written `0`.
            return unsafe DecimalInteger.write(Int64(value), to: target)
        }
        var layout = unsafe Layout(target: target)
        if value < 0 { layout.put(UInt8(ascii: "-")) }
        (Decimal(short: value.magnitude) ?? Decimal(value.magnitude)).write(to: &layout)
        return layout.count
    }
}

extension ECMAScriptNumber {
    /// The placement of the digits.
    @safe private struct Layout {
        let target: UnsafeMutableRawPointer
        var count = 0

        init(target: UnsafeMutableRawPointer) { unsafe self.target = target }

        mutating func put(_ byte: UInt8) {
            unsafe target.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
            count += 1
        }

        mutating func put(_ bytes: some Sequence<UInt8>) { for byte in bytes { put(byte) } }
        mutating func zeros(_ count: Int) { for _ in 0..<count { put(UInt8(ascii: "0")) } }
    }

    /// A positive number as 0.d₁d₂…dₖ × 10ⁿ with the fewest digits that round-trip.
    private struct Decimal {
        var digits: [UInt8] = []
        var n = 0

        /// A number of at most six decimals and fifteen digits, else nil. No other decimal of fifteen digits gives the
        /// same double, so these digits without trailing zeros are the shortest.
        init?(short value: Double) {
            var scale = 1.0
            for decimals in 1...6 {
                scale *= 10
                let scaled = (value * scale).rounded()
                guard scaled < 1e15 else { return nil }
                if scaled / scale == value {
                    digits = unsafe [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
                        count = unsafe DecimalInteger.write(
                            Int64(scaled), to: UnsafeMutableRawPointer(buffer.baseAddress!))
                    }
                    n = digits.count - decimals
                    return
                }
            }
            return nil
        }

        /// Takes the digits of Swift's description: of the shortest that round-trip, the closest.
        init(_ value: Double) {
            var hasPoint = false
            var exponent = 0
            var text = value.description[...].utf8
            if let e = text.firstIndex(of: UInt8(ascii: "e")) {
                exponent = Int(Substring(text[text.index(after: e)...])) ?? 0
                text = text[..<e]
            }
            for byte in text {
                if byte == UInt8(ascii: ".") {
                    hasPoint = true
                } else if digits.isEmpty && byte == UInt8(ascii: "0") {
                    if hasPoint { n -= 1 }
                } else {
                    digits.append(byte)
                    if !hasPoint { n += 1 }
                }
            }
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
            n += exponent
        }

        func write(to layout: inout Layout) {
            let k = digits.count
            if k <= n && n <= 21 {
                layout.put(digits)
                layout.zeros(n - k)
            } else if 0 < n && n <= 21 {
                layout.put(digits[..<n])
                layout.put(UInt8(ascii: "."))
                layout.put(digits[n...])
            } else if -6 < n && n <= 0 {
                layout.put("0.".utf8)
                layout.zeros(-n)
                layout.put(digits)
            } else {
                layout.put(digits[0])
                if k > 1 {
                    layout.put(UInt8(ascii: "."))
                    layout.put(digits[1...])
                }
                layout.put(n > 0 ? "e+".utf8 : "e-".utf8)
                layout.put(String(abs(n - 1)).utf8)
            }
        }
    }
}

/// Decimal spelling of integers.
enum DecimalInteger {
    /// Writes a value of at most nineteen digits; returns the number of bytes, at most twenty.
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
