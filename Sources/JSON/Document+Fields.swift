/// Reading members without closures, for loops over many small objects.
extension Document {
    /// Bytes of the name under which the value is a member, escapes included; 0 where it is none.
    package func nameLength(of node: UInt32) -> Int {
        let value = at(node)
        return value.nameStart == 0 ? 0 : Int(value.nameLength)
    }

    /// The text of a string as it lies between its quotes, escapes included; empty for anything else. The memory lasts
    /// as long as the document.
    @unsafe package func rawText(of node: UInt32) -> UnsafeRawBufferPointer {
        let value = at(node)
        guard value.kind == .string else { return unsafe slice(value.start, 0) }
        return unsafe slice(value.start + 1, value.length - 2)
    }
}
