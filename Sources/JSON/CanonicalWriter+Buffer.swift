extension CanonicalWriter {
    /// Record of an open container, in debug builds.
    struct Level {
        var lastName: Range<Int>?
        var isSorted = true
    }

    /// Makes room for `more` bytes and the eight that a copy may write after them.
    @inline(__always) mutating func reserve(_ more: Int) {
        if count + more + 16 > capacity { grow(more) }
    }

    @inline(never) private mutating func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more + 16)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        unsafe larger.copyMemory(from: base, byteCount: count)
        unsafe base.deallocate()
        unsafe base = larger
    }

    @inline(__always) mutating func append(_ byte: UInt8) {
        reserve(1)
        put(byte)
    }

    @inline(__always) mutating func append(bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        unsafe Text.copy(source, bytes.count, to: base + count)
        count += bytes.count
    }

    /// Writes a quoted, escaped string.
    @inline(__always) mutating func append(text: UnsafeRawBufferPointer) {
        reserve(text.count + 2)
        put(Text.quote)
        if let source = text.baseAddress {
            var done = unsafe Text.copyPlain(source, text.count, to: base + count, mayOverread: false)
            count += done
            while done < text.count {
                reserve(6 + text.count - done)
                unsafe count += Text.writeEscape(text[done], to: base + count)
                done += 1
                let plain = unsafe Text.copyPlain(
                    source + done, text.count - done, to: base + count, mayOverread: false)
                done += plain
                count += plain
            }
        }
        append(Text.quote)
    }

    /// Writes a name that needs no escapes.
    @inline(__always) mutating func plainKey(_ name: UnsafeRawBufferPointer) {
        reserve(name.count + 4)
        separate()
        let start = count
        put(Text.quote)
        if let source = name.baseAddress { unsafe Text.copy(source, name.count, to: base + count) }
        count += name.count
        put(Text.quote)
        assertOrder(start)
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Appends a byte for which there is room.
    @inline(__always) private mutating func put(_ byte: UInt8) {
        unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    @inline(__always) mutating func separate() {
        if needsComma { append(UInt8(ascii: ",")) }
    }

    @inline(__always) mutating func wrote() { needsComma = depth > 0 }

    mutating func begin(_ bracket: UInt8) {
        separate()
        append(bracket)
        depth += 1
        needsComma = false
        #if DEBUG
            levels.append(Level())
        #endif
    }

    mutating func end(_ bracket: UInt8) {
        precondition(depth > 0, "no open container")
        append(bracket)
        depth -= 1
        wrote()
        #if DEBUG
            levels.removeLast()
        #endif
    }

    /// Discards everything after `count` bytes.
    mutating func restore(count: Int, depth: Int, needsComma: Bool) {
        self.count = count
        self.depth = depth
        self.needsComma = needsComma
        #if DEBUG
            levels.removeLast(levels.count - depth)
        #endif
    }

    /// Asserts that the name written since `start` sorts after the one before it.
    @inline(__always) mutating func assertOrder(_ start: Int) {
        #if DEBUG
            let name = start + 1..<count - 1
            precondition(depth > 0, "a name outside an object")
            if levels[depth - 1].isSorted, let last = levels[depth - 1].lastName {
                let a = unsafe Text.decoded(
                    unsafe UnsafeRawBufferPointer(start: base + last.lowerBound, count: last.count))
                let b = unsafe Text.decoded(
                    unsafe UnsafeRawBufferPointer(start: base + name.lowerBound, count: name.count))
                let order = unsafe a.withUnsafeBytes { x in
                    unsafe b.withUnsafeBytes { y in unsafe JCS.compareKeys(x, y) }
                }
                assert(order < 0, "`\(String(decoding: b, as: UTF8.self))` is not in canonical order")
            }
            levels[depth - 1].lastName = name
        #endif
    }

    /// Writes an object whose members `body` writes in any order.
    /// - Throws: what `body` throws; `duplicateName` if it writes a name twice. In either case nothing is written.
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

    /// Sorts the members of the object after `start` into canonical order.
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
            // After the last member this is the place of the closing brace.
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
