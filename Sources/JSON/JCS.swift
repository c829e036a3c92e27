/// Order and spelling that RFC 8785 (JSON Canonicalization Scheme) prescribes.
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

    /// Whether member `a` stands before member `b` in a canonical object.
    package static func precedes(_ a: String, _ b: String) -> Bool { compareKeys(a, b) < 0 }

    /// Orders the first bytes that differ: a character above U+FFFF (lead byte F0 to F4) is spelled with surrogates in
    /// UTF-16 and so stands before U+E000 to U+FFFF (lead byte EE or EF).
    @inline(__always) static func order(_ x: UInt8, _ y: UInt8) -> Int {
        if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) { return x >= 0xF0 ? -1 : 1 }
        return Int(x) - Int(y)
    }
}
