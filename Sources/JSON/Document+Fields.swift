public import Glibc

/// Reading members without closures, for loops over many small objects.
extension Document {
    /// Bytes of the name under which the value is a member, escapes included; 0 where it is none.
    @inlinable package func nameLength(of node: UInt32) -> Int {
        let value = at(node)
        return value.nameStart == 0 ? 0 : Int(value.nameLength)
    }

    /// Whether the value is the member of that name, which needs no escapes.
    @inlinable package func isNamed(_ node: UInt32, _ name: StaticString) -> Bool {
        let value = at(node)
        guard value.nameStart != 0, Int(value.nameLength) == name.utf8CodeUnitCount else { return false }
        return unsafe memcmp(base + Int(value.nameStart), name.utf8Start, name.utf8CodeUnitCount) == 0
    }

    /// The text of a string as it lies between its quotes, escapes included; empty for anything else. The memory lasts
    /// as long as the document.
    @unsafe package func rawText(of node: UInt32) -> UnsafeRawBufferPointer {
        let value = at(node)
        guard value.kind == .string else { return unsafe slice(value.start, 0) }
        return unsafe slice(value.start + 1, value.length - 2)
    }
}
