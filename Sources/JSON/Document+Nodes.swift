public import Glibc

/// Access by node number, for code that must avoid reference counting. A node out of range stops the process.
extension Document {
    @inlinable @inline(__always) func at(_ node: UInt32) -> Node {
        precondition(node < nodeCount, "no such node")
        return unsafe nodes[Int(node)]
    }

    @inline(__always) func slice(_ start: UInt32, _ count: UInt32) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: base + Int(start), count: Int(count))
    }

    /// The kind of the value.
    @inlinable package func kind(of node: UInt32) -> Kind { at(node).kind }

    /// Elements or members of a container; 0 for a scalar.
    package func count(of node: UInt32) -> Int { Int(at(node).count) }

    /// The node after the value and its descendants: its next sibling, if it has one.
    @inlinable package func nodeAfter(_ node: UInt32) -> UInt32 { at(node).next }

    /// The element or member at a position in document order; nil past the last.
    package func child(of node: UInt32, at index: Int) -> UInt32? {
        let parent = at(node)
        guard index >= 0, index < Int(parent.count) else { return nil }
        var child = node + 1
        for _ in 0..<index { child = at(child).next }
        return child
    }

    /// The value of `true` and `false`.
    package func bool(of node: UInt32) -> Bool? {
        let value = at(node)
        return value.kind == .bool ? value.length == 4 : nil
    }

    /// The value of an integral number.
    package func int(of node: UInt32) -> Int64? {
        let value = at(node)
        guard value.kind == .int else { return nil }
        var magnitude: Int64 = 0
        let isNegative = unsafe base.load(fromByteOffset: Int(value.start), as: UInt8.self) == UInt8(ascii: "-")
        // At most sixteen digits, so it cannot overflow.
        for at in Int(value.start) + (isNegative ? 1 : 0)..<Int(value.end) {
            let digit = unsafe base.load(fromByteOffset: at, as: UInt8.self) &- UInt8(ascii: "0")
            magnitude = magnitude &* 10 &+ Int64(digit)
        }
        return isNegative ? 0 &- magnitude : magnitude
    }

    /// The value of any number.
    package func double(of node: UInt32) -> Double? {
        let value = at(node)
        switch value.kind {
        case .int: return int(of: node).map { Double($0) }
        case .double: return unsafe ECMAScriptNumber.value(slice(value.start, value.length))
        default: return nil
        }
    }

    /// The text of a string, unescaped.
    package func string(of node: UInt32) -> String? {
        guard at(node).kind == .string else { return nil }
        return unsafe withText(of: node) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The name under which the value is a member of an object.
    package func name(of node: UInt32) -> String? {
        let value = at(node)
        guard value.nameStart != 0 else { return nil }
        let raw = unsafe slice(value.nameStart, value.nameLength)
        if value.isNameEscaped { return unsafe String(decoding: Text.decoded(raw), as: UTF8.self) }
        return unsafe String(decoding: raw, as: UTF8.self)
    }

    /// Returns whether the value is a string without escapes.
    package func isPlainString(_ node: UInt32) -> Bool {
        let value = at(node)
        return value.kind == .string && !value.isTextEscaped
    }

    /// Lends the text of a string, unescaped; empty for anything else.
    package func withText<R, E: Error>(
        of node: UInt32, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let value = at(node)
        guard value.kind == .string else { return try unsafe body(slice(value.start, 0)) }
        let raw = unsafe slice(value.start + 1, value.length - 2)
        if !value.isTextEscaped { return try unsafe body(raw) }
        return try unsafe Text.decoded(raw).span.withUnsafeBytes(body)
    }

    /// Lends the name of a member, unescaped; empty if the value is not a member.
    package func withName<R, E: Error>(
        of node: UInt32, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let value = at(node)
        guard value.nameStart != 0 else { return try unsafe body(slice(value.start, 0)) }
        let raw = unsafe slice(value.nameStart, value.nameLength)
        if !value.isNameEscaped { return try unsafe body(raw) }
        return try unsafe Text.decoded(raw).span.withUnsafeBytes(body)
    }

    /// Lends the canonical bytes of a value.
    package func withCanonicalBytes<R, E: Error>(
        of node: UInt32, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let value = at(node)
        return try unsafe body(slice(value.start, value.length))
    }

    /// The range of the value in the canonical bytes, quotes and brackets included.
    package func canonicalRange(of node: UInt32) -> Range<Int> {
        let value = at(node)
        return Int(value.start)..<Int(value.end)
    }

    /// The range of a string's text in the canonical bytes, escapes included; for anything else as
    /// `canonicalRange(of:)`.
    package func textRange(of node: UInt32) -> Range<Int> {
        let range = canonicalRange(of: node)
        return kind(of: node) == .string ? range.lowerBound + 1..<range.upperBound - 1 : range
    }

    /// The place of a value as an RFC 6901 pointer.
    package func pointer(to node: UInt32) -> String {
        precondition(node < nodeCount, "no such node")
        var path = ""
        var parent: UInt32 = 0
        while parent != node {
            var child = parent + 1
            var index = 0
            while at(child).next <= node {
                child = at(child).next
                index += 1
            }
            path += "/" + (name(of: child).map(JSONPointer.escaped) ?? String(index))
            parent = child
        }
        return path
    }

    /// The member of that name, compared as UTF-8; nil if there is none or the value is not an object. Allocates
    /// nothing unless the object has names with escapes.
    package func member(of node: UInt32, utf8 name: UnsafeRawBufferPointer) -> UInt32? {
        let object = at(node)
        guard object.kind == .object, object.count > 0 else { return nil }
        let length = UInt32(truncatingIfNeeded: name.count)
        let first = unsafe name.isEmpty ? 0 : name[0]
        var child = node + 1
        while child < object.next {
            let member = unsafe nodes[Int(child)]
            if member.isNameEscaped {
                if unsafe Self.equal(Text.decoded(slice(member.nameStart, member.nameLength)), name) { return child }
            } else {
                let found = unsafe base + Int(member.nameStart)
                if member.nameLength == length {
                    if unsafe Self.equal(found, name) { return child }
                } else if member.nameLength > 0, first < 0x80, unsafe found.load(as: UInt8.self) > first {
                    // Names are sorted, and a first byte above an ASCII one orders alike in UTF-8 and UTF-16.
                    return nil
                }
            }
            child = member.next
        }
        return nil
    }

    /// The member of that name, compared as UTF-8; nil if there is none or the value is not an object.
    package func member(of node: UInt32, _ name: StaticString) -> UInt32? {
        unsafe member(of: node, utf8: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// The member of that name, compared as UTF-8; nil if there is none or the value is not an object.
    package func member(of node: UInt32, _ name: String) -> UInt32? {
        var name = name
        return name.withUTF8 { unsafe member(of: node, utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Returns whether the value is a string of exactly these bytes.
    package func isString(_ node: UInt32, _ text: UnsafeRawBufferPointer) -> Bool {
        let value = at(node)
        guard value.kind == .string else { return false }
        let raw = unsafe slice(value.start + 1, value.length - 2)
        if value.isTextEscaped { return unsafe Self.equal(Text.decoded(raw), text) }
        return unsafe raw.count == text.count && Self.equal(raw.baseAddress!, text)
    }

    /// Returns whether two values have the same canonical form.
    package func isSame(_ node: UInt32, _ other: Document, _ otherNode: UInt32) -> Bool {
        let a = at(node)
        let b = other.at(otherNode)
        guard a.length == b.length else { return false }
        return unsafe memcmp(base + Int(a.start), other.base + Int(b.start), Int(a.length)) == 0
    }

    @inline(__always) private static func equal(_ bytes: UnsafeRawPointer, _ text: UnsafeRawBufferPointer) -> Bool {
        guard let other = text.baseAddress else { return true }
        return unsafe memcmp(bytes, other, text.count) == 0
    }

    private static func equal(_ bytes: [UInt8], _ text: UnsafeRawBufferPointer) -> Bool {
        unsafe bytes.elementsEqual(text)
    }
}

/// Access to members without closures, for loops over many small objects.
extension Document {
    /// Bytes of the value's name in its object, escapes included; 0 if it is not a member.
    @inlinable package func nameLength(of node: UInt32) -> Int {
        let value = at(node)
        return value.nameStart == 0 ? 0 : Int(value.nameLength)
    }

    /// Returns whether the value is the member of that name, which must need no escapes.
    @inlinable package func isNamed(_ node: UInt32, _ name: StaticString) -> Bool {
        let value = at(node)
        guard value.nameStart != 0, Int(value.nameLength) == name.utf8CodeUnitCount else { return false }
        return unsafe memcmp(base + Int(value.nameStart), name.utf8Start, name.utf8CodeUnitCount) == 0
    }

    /// The raw text of a string between its quotes, escapes included; empty for anything else. The memory lasts as long
    /// as the document.
    @unsafe package func rawText(of node: UInt32) -> UnsafeRawBufferPointer {
        let value = at(node)
        guard value.kind == .string else { return unsafe slice(value.start, 0) }
        return unsafe slice(value.start + 1, value.length - 2)
    }
}
