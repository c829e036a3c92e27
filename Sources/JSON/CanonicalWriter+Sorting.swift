extension CanonicalWriter {
    /// Writes an object whose members `body` writes in any order.
    /// - Throws: what `body` throws; `duplicateName` where it gives a name twice. Then nothing is written.
    package mutating func object(
        sorting body: (inout CanonicalWriter) throws(JSONError) -> Void
    ) throws(JSONError) {
        let before = (count: count, depth: depth, needsComma: needsComma)
        do throws(JSONError) {
            beginObject()
            let start = count - 1
            #if DEBUG
                levels[depth - 1].isSorted = false
            #endif
            try body(&self)
            endObject()
            try sortObject(from: start)
        } catch {
            restore(count: before.count, depth: before.depth, needsComma: before.needsComma)
            throw error
        }
    }

    /// Puts the members of the object that lies behind `start` in canonical order.
    private mutating func sortObject(from start: Int) throws(JSONError) {
        let object = try unsafe Document(canonical: UnsafeRawBufferPointer(start: base + start, count: count - start))
        let members = object.root.children.map(\.node)
        let sorted = members.sorted { object.compareNames($0, $1) < 0 }
        for (a, b) in zip(sorted, sorted.dropFirst()) where object.compareNames(a, b) == 0 {
            throw JSONError(.duplicateName, offset: start, message: "duplicate name `\(object.name(of: a) ?? "")`")
        }
        guard sorted != members else { return }
        var at = start + 1
        for node in sorted {
            unsafe object.withMemberBytes(of: node) { member in
                unsafe (base + at).copyMemory(from: member.baseAddress!, byteCount: member.count)
                at += member.count + 1
            }
            // Behind the last member this is the place of the closing bracket.
            unsafe base.storeBytes(of: UInt8(ascii: ","), toByteOffset: at - 1, as: UInt8.self)
        }
        unsafe base.storeBytes(of: UInt8(ascii: "}"), toByteOffset: count - 1, as: UInt8.self)
    }
}

extension Document {
    /// Compares the names of two members in canonical order.
    func compareNames(_ a: UInt32, _ b: UInt32) -> Int {
        unsafe withName(of: a) { x in unsafe withName(of: b) { y in unsafe JCS.compareKeys(x, y) } }
    }

    /// Lends the bytes of a member, from the quote before its name to the end of its value.
    func withMemberBytes(of node: UInt32, _ body: (UnsafeRawBufferPointer) -> Void) {
        let value = at(node)
        unsafe body(slice(value.nameStart - 1, value.end - value.nameStart + 1))
    }
}
