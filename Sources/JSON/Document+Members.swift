import Glibc

extension Document {
    /// The member of that name, compared as UTF-8; nil where there is none or the value is no object. Allocates nothing
    /// unless the object has names with escapes.
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

    /// The member of that name, compared as UTF-8; nil where there is none or the value is no object.
    package func member(of node: UInt32, _ name: StaticString) -> UInt32? {
        unsafe member(of: node, utf8: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// The member of that name, compared as UTF-8; nil where there is none or the value is no object.
    package func member(of node: UInt32, _ name: String) -> UInt32? {
        var name = name
        return name.withUTF8 { unsafe member(of: node, utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Whether the value is a string of exactly these bytes.
    package func isString(_ node: UInt32, _ text: UnsafeRawBufferPointer) -> Bool {
        let value = at(node)
        guard value.kind == .string else { return false }
        let raw = unsafe slice(value.start + 1, value.length - 2)
        if value.isTextEscaped { return unsafe Self.equal(Text.decoded(raw), text) }
        return unsafe raw.count == text.count && Self.equal(raw.baseAddress!, text)
    }

    /// Whether two values have the same canonical form.
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
