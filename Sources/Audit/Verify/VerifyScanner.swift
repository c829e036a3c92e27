/// Single-pass check that an entry's bytes are an object in the canonical form of RFC 8785 (JCS) and I-JSON, recording
/// the positions of its attributes. Builds no tree.
///
/// Member names must ascend in UTF-16 order, which also rules out duplicates; strings must escape exactly what the
/// canonical form escapes, which also rules out lone surrogates.
@safe struct VerifyScanner {
    static let nestingMax = 64

    private let base: UnsafePointer<UInt8>
    private let end: Int
    private(set) var at: Int
    private var hasEscape = false
    private var isInData = false
    private(set) var fields = VerifyFields()

    /// A scanner of an entry, or of a value in it that begins at an index.
    init(_ bytes: UnsafeRawBufferPointer, at: Int = 0) {
        self.at = at
        unsafe base = bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
        end = bytes.count
    }

    /// Returns true if the bytes are one canonical object.
    mutating func scan() -> Bool {
        guard peek() == UInt8(ascii: "{") else { return false }
        return object(1) && at == end
    }

    /// The current byte; 0, which no rule accepts, at the end.
    @inline(__always)
    private func peek() -> UInt8 { at < end ? unsafe base[at] : 0 }

    @inline(__always)
    private func byte(_ i: Int) -> UInt8 { unsafe base[i] }

    private mutating func value(_ depth: Int) -> Bool {
        switch peek() {
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "t"): return literal("true")
        case UInt8(ascii: "f"): return literal("false")
        case UInt8(ascii: "n"): return literal("null")
        default: return number()
        }
    }

    private mutating func object(_ depth: Int) -> Bool {
        guard depth <= Self.nestingMax else { return false }
        at += 1
        if peek() == UInt8(ascii: "}") {
            at += 1
            return true
        }
        var last = 0..<0
        var isFirst = true, lastHasEscape = false
        while true {
            let start = at + 1
            guard string() else { return false }
            let name = start..<(at - 1), nameHasEscape = hasEscape
            guard isFirst || rises(last, name, lastHasEscape || nameHasEscape), peek() == UInt8(ascii: ":") else {
                return false
            }
            at += 1
            guard member(name, depth) else { return false }
            let byte = peek()
            at += 1
            if byte == UInt8(ascii: "}") { return true }
            guard byte == UInt8(ascii: ","), peek() == UInt8(ascii: "\"") else { return false }
            (last, lastHasEscape, isFirst) = (name, nameHasEscape, false)
        }
    }

    private mutating func member(_ name: Range<Int>, _ depth: Int) -> Bool {
        let start = at
        if depth == 1 { isInData = isNamed(name, "data") }
        guard value(depth + 1) else { return false }
        guard depth == 1 || (depth == 2 && isInData), !name.isEmpty,
            let field = VerifyFields.candidate(name.count, byte(name.lowerBound), isInData: depth == 2),
            isNamed(name, field.text) || (field == .type && isNamed(name, "time"))
        else { return true }
        record(field == .type && byte(name.lowerBound + 1) == UInt8(ascii: "i") ? .time : field, from: start)
        return true
    }

    private mutating func record(_ field: VerifyFields.Name, from start: Int) {
        if byte(start) == UInt8(ascii: "\"") {
            fields.record(field, (start + 1)..<(at - 1))
        } else {
            fields.recordOther(field)
        }
    }

    @inline(__always)
    private func isNamed(_ name: Range<Int>, _ text: StaticString) -> Bool {
        guard name.count == text.utf8CodeUnitCount else { return false }
        for i in 0..<name.count where unsafe byte(name.lowerBound + i) != text.utf8Start[i] { return false }
        return true
    }

    private mutating func array(_ depth: Int) -> Bool {
        guard depth <= Self.nestingMax else { return false }
        at += 1
        if peek() == UInt8(ascii: "]") {
            at += 1
            return true
        }
        while true {
            guard value(depth + 1) else { return false }
            let byte = peek()
            at += 1
            if byte == UInt8(ascii: "]") { return true }
            guard byte == UInt8(ascii: ",") else { return false }
        }
    }

    private mutating func literal(_ text: StaticString) -> Bool {
        guard end - at >= text.utf8CodeUnitCount else { return false }
        for i in 0..<text.utf8CodeUnitCount where unsafe byte(at + i) != text.utf8Start[i] { return false }
        at += text.utf8CodeUnitCount
        return true
    }

    /// Consumes a number.
    mutating func number() -> Bool {
        let start = at
        let isNegative = peek() == UInt8(ascii: "-")
        if isNegative { at += 1 }
        let first = at
        var value: UInt64 = 0
        while case let digit = peek() &- UInt8(ascii: "0"), digit < 10, at - first < 17 {
            value = value * 10 + UInt64(digit)
            at += 1
        }
        switch peek() {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return fraction(start)
        default: break
        }
        let digits = at - first
        guard digits > 0, value <= 9_007_199_254_740_991 else { return false }
        return byte(first) != UInt8(ascii: "0") || (digits == 1 && !isNegative)
    }

    private mutating func fraction(_ start: Int) -> Bool {
        loop: while true {
            switch peek() {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
                UInt8(ascii: "+"), UInt8(ascii: "-"):
                at += 1
            default: break loop
            }
        }
        guard at - start <= 32 else { return false }
        return VerifyNumber.isCanonicalFraction((start..<at).map { byte($0) })
    }

    /// Consumes a string from its opening to its closing quotation mark.
    mutating func string() -> Bool {
        guard peek() == UInt8(ascii: "\"") else { return false }
        at += 1
        hasEscape = false
        while true {
            skipPlain()
            let byte = peek()
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return true
            case UInt8(ascii: "\\"):
                hasEscape = true
                guard escape() else { return false }
            case 0x80...:
                guard character() else { return false }
            case 0x20...: at += 1
            default: return false
            }
        }
    }

    /// Skips ASCII characters that stand for themselves, eight at a time (SWAR), up to the first that does not.
    @inline(__always)
    private mutating func skipPlain() { at = unsafe Self.plainEnd(UnsafeRawBufferPointer(start: base, count: end), at) }

    /// The index of the first byte of the last eight, or of the first before them that does not stand for itself in a
    /// string.
    @inline(__always)
    static func plainEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var at = start
        let ones: UInt64 = 0x0101_0101_0101_0101, highs: UInt64 = 0x8080_8080_8080_8080
        while at + 8 <= bytes.count {
            let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quote = word ^ (ones &* 0x22), backslash = word ^ (ones &* 0x5C)
            let special =
                (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)
                    | word) & highs
            if special != 0 { return at + special.trailingZeroBitCount >> 3 }
            at += 8
        }
        return at
    }

    private mutating func escape() -> Bool {
        guard at + 1 < end else { return false }
        switch byte(at + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"),
            UInt8(ascii: "f"), UInt8(ascii: "r"):
            at += 2
            return true
        case UInt8(ascii: "u"):
            guard at + 6 <= end, byte(at + 2) == UInt8(ascii: "0"), byte(at + 3) == UInt8(ascii: "0"),
                let value = VerifyText.hexPair(byte(at + 4), byte(at + 5)), value < 0x20
            else { return false }
            at += 6
            return ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(value)
        default: return false
        }
    }

    /// Consumes one UTF-8 character of two to four bytes in its shortest form.
    private mutating func character() -> Bool {
        let first = byte(at)
        let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, at + count <= end else { return false }
        for i in 1..<count where byte(at + i) & 0xC0 != 0x80 { return false }
        let second = byte(at + 1)
        switch first {
        case 0xE0: guard second >= 0xA0 else { return false }
        case 0xED: guard second < 0xA0 else { return false }
        case 0xF0: guard second >= 0x90 else { return false }
        case 0xF4: guard second < 0x90 else { return false }
        default: break
        }
        at += count
        return true
    }

    private func rises(_ a: Range<Int>, _ b: Range<Int>, _ hasEscape: Bool) -> Bool {
        if hasEscape {
            return VerifyText.rises(VerifyText.unescaped(a.map { byte($0) }), VerifyText.unescaped(b.map { byte($0) }))
        }
        let count = min(a.count, b.count)
        var i = 0
        while i < count {
            let x = byte(a.lowerBound + i), y = byte(b.lowerBound + i)
            if x != y { return VerifyText.rank(x) < VerifyText.rank(y) }
            i += 1
        }
        return a.count < b.count
    }
}
