/// Writes RFC 8785 JSON into one growing buffer. The caller gives an object's members in canonical order, which debug
/// builds assert; `object(sorting:)` takes them in any order. Values may follow each other at the top level.
@safe package struct CanonicalWriter: ~Copyable, @unchecked Sendable {
    var base: UnsafeMutableRawPointer
    var capacity: Int
    /// Bytes written.
    package internal(set) var count = 0
    var depth = 0
    var needsComma = false
    #if DEBUG
        var levels: [Level] = []
    #endif

    /// An empty writer with room for `capacity` bytes.
    package init(capacity: Int = 1024) {
        self.capacity = max(capacity, 64) + 16
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit { unsafe base.deallocate() }

    /// A copy of what was written.
    package var bytes: [UInt8] { unsafe withBytes { unsafe [UInt8]($0) } }

    /// Lends what was written.
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Discards everything written.
    package mutating func removeAll(keepingCapacity: Bool = true) {
        truncate(to: 0)
        guard !keepingCapacity else { return }
        self = CanonicalWriter()
    }

    /// Discards what was written after `count` bytes, which must end a value at the top level.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count, "no such length")
        restore(count: count, depth: 0, needsComma: false)
    }

    /// Opens an object.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    /// Closes the innermost object.
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    /// Opens an array.
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    /// Closes the innermost array.
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Writes an array, each element by `body`.
    package mutating func list<S: Sequence>(_ items: S, _ body: (S.Element, inout CanonicalWriter) -> Void) {
        beginArray()
        for item in items { body(item, &self) }
        endArray()
    }

    /// Writes a member's name; its value is next. The name must need no escapes.
    package mutating func key(_ name: StaticString) {
        unsafe plainKey(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Writes a member's name; its value is next. A literal takes the other `key(_:)`.
    @_disfavoredOverload package mutating func key(_ name: String) {
        var name = name
        name.withUTF8 { unsafe key(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a member's name given as valid UTF-8; its value is next.
    package mutating func key(utf8 name: UnsafeRawBufferPointer) {
        separate()
        let start = count
        unsafe append(text: name)
        assertOrder(start)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string. A literal takes the other `string(_:)`.
    @_disfavoredOverload package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { unsafe string(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a string.
    package mutating func string(_ text: StaticString) {
        unsafe string(utf8: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes a string given as valid UTF-8.
    package mutating func string(utf8 text: UnsafeRawBufferPointer) {
        separate()
        unsafe append(text: text)
        wrote()
    }

    /// Writes an integer that the caller knows to be within ±(2^53 − 1); see `integer(_:)`.
    package mutating func int(_ value: Int64) {
        assert(value.magnitude <= Limits.integerMagnitudeMax.magnitude, "integer outside ±2^53 − 1")
        separate()
        reserve(Limits.numberBytesMax)
        unsafe count += DecimalInteger.write(value, to: base + count)
        wrote()
    }

    /// Writes an integer.
    /// - Throws: `integerRange` outside ±(2^53 − 1).
    package mutating func integer(_ value: Int64) throws(JSONError) {
        guard value.magnitude <= Limits.integerMagnitudeMax.magnitude else {
            throw JSONError(.integerRange, offset: count, message: "integer `\(value)` outside ±2^53 − 1")
        }
        int(value)
    }

    /// Writes a number as ECMAScript does.
    /// - Throws: `numberRange` for an infinity or a NaN, `integerRange` for an integral value outside ±(2^53 − 1).
    package mutating func double(_ value: Double) throws(JSONError) {
        guard value.isFinite else {
            throw JSONError(.numberRange, offset: count, message: "`\(value)` is not a JSON number")
        }
        guard value.magnitude <= Double(Limits.integerMagnitudeMax) else {
            throw JSONError(.integerRange, offset: count, message: "number `\(value)` outside ±2^53 − 1")
        }
        separate()
        reserve(Limits.numberBytesMax)
        unsafe count += ECMAScriptNumber.write(value, to: base + count)
        wrote()
    }

    /// Writes `true` or `false`.
    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// Writes `null`.
    package mutating func null() { raw("null") }

    /// Writes a value that is already in canonical form.
    package mutating func raw(_ value: UnsafeRawBufferPointer) {
        separate()
        unsafe append(bytes: value)
        wrote()
    }

    /// Writes a value that is already in canonical form.
    package mutating func raw(_ value: StaticString) {
        unsafe raw(UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Writes a value of a document, whose bytes are canonical already.
    package mutating func value(_ view: View) {
        unsafe view.withCanonicalBytes { unsafe raw($0) }
    }
}
