/// Builds the node index of bytes in canonical form with one scan.
///
/// The bytes are copied in front of zeros, at which every step stops, so that none needs a bounds check.
@safe struct CanonicalIndexer: ~Copyable {
    private var block: Block
    private var base: UnsafeRawPointer
    private let byteCount: Int
    private(set) var count: UInt32 = 0
    private var position = 0
    private var open = Node.none
    private var depth = 0
    private var nameStart: UInt32 = 0
    private var nameFlags: UInt32 = 0

    init(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
        byteCount = bytes.count
        guard let source = bytes.baseAddress, byteCount > 0 else {
            throw JSONError(.empty, offset: 0, message: "empty input")
        }
        guard byteCount <= Limits.documentBytesMax else {
            throw JSONError(.size, offset: 0, message: "more than \(Limits.documentBytesMax) bytes")
        }
        block = Block(byteCapacity: byteCount, nodeCapacity: byteCount / 16 + 8)
        unsafe block.bytes.copyMemory(from: source, byteCount: byteCount)
        block.pad(after: byteCount)
        unsafe base = UnsafeRawPointer(block.bytes)
    }

    /// Hands over the bytes with their index.
    consuming func finish() -> Block { block }

    /// Indexes all of the bytes.
    mutating func scan() throws(JSONError) {
        while true {
            if try !value() { continue }
            repeat {
                guard open != Node.none else {
                    if position != byteCount { throw malformed() }
                    return
                }
            } while try closes()
        }
    }

    @inline(__always) private func byte(_ offset: Int) -> UInt8 {
        unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// Reads the value at `position`; returns false if it opened a container, whose first value is next.
    @inline(__always) private mutating func value() throws(JSONError) -> Bool {
        let start = position
        let first = byte(start)
        switch first {
        case Text.quote:
            let escaped = try text()
            append(.string, start, escaped ? Node.textEscaped : 0)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            append(try number(), start, 0)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return try container(first == UInt8(ascii: "{") ? .object : .array)
        case UInt8(ascii: "t"): try literal(0x6575_7274, bytes: 4, .bool)
        case UInt8(ascii: "f"): try literal(0x736C_6166, bytes: 5, .bool)
        case UInt8(ascii: "n"): try literal(0x6C6C_756E, bytes: 4, .null)
        default: throw malformed()
        }
        return true
    }

    /// Skips what follows a value in the open container; returns true if that closed it.
    @inline(__always) private mutating func closes() throws(JSONError) -> Bool {
        unsafe block.nodes[Int(open)].count &+= 1
        let isObject = unsafe block.nodes[Int(open)].kind == .object
        let next = byte(position)
        position += 1
        if next == UInt8(ascii: ",") {
            if isObject {
                try name()
            } else {
                nameStart = 0
                nameFlags = 0
            }
            return false
        }
        guard next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            position -= 1
            throw malformed()
        }
        let closed = Int(open)
        unsafe open = block.nodes[closed].next
        unsafe block.nodes[closed].next = count
        unsafe block.nodes[closed].length = UInt32(truncatingIfNeeded: position) &- block.nodes[closed].start
        depth -= 1
        return true
    }

    @inline(__always) private mutating func container(_ kind: Kind) throws(JSONError) -> Bool {
        let start = position
        guard depth < Limits.nestingLevelsMax else {
            throw JSONError(
                .depth, offset: start, message: "more than \(Limits.nestingLevelsMax) levels of nesting")
        }
        position += 1
        let isEmpty = byte(position) == (kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        if isEmpty { position += 1 }
        append(kind, start, 0)
        nameStart = 0
        nameFlags = 0
        if isEmpty { return true }
        let index = count &- 1
        unsafe block.nodes[Int(index)].next = open
        open = index
        depth += 1
        if kind == .object { try name() }
        return false
    }

    @inline(__always) private mutating func append(_ kind: Kind, _ start: Int, _ flags: UInt32) {
        if Int(count) == block.nodeCapacity { grow() }
        let from = UInt32(truncatingIfNeeded: start)
        unsafe (block.nodes + Int(count)).initialize(
            to: Node(
                start: from, length: UInt32(truncatingIfNeeded: position) &- from, next: count &+ 1, count: 0,
                nameStart: nameStart, flags: UInt32(kind.rawValue) | flags | nameFlags))
        count &+= 1
    }

    @inline(never) private mutating func grow() {
        block.growNodes()
        unsafe base = UnsafeRawPointer(block.bytes)
    }

    @inline(__always) private mutating func name() throws(JSONError) {
        guard byte(position) == Text.quote else { throw malformed() }
        nameStart = UInt32(truncatingIfNeeded: position + 1)
        nameFlags = try text() ? Node.nameEscaped : 0
        guard byte(position) == UInt8(ascii: ":") else { throw malformed() }
        position += 1
    }

    /// Skips the string at `position`; returns whether it holds escapes.
    @inline(__always) private mutating func text() throws(JSONError) -> Bool {
        var escaped = false
        var at = position + 1
        while true {
            let found = unsafe Text.special(Text.word(base, at))
            if found == 0 {
                at += 8
                continue
            }
            at += found.trailingZeroBitCount >> 3
            let stop = byte(at)
            if stop == Text.quote { break }
            position = at
            guard stop == Text.backslash else { throw malformed() }
            escaped = true
            at = try escape(at + 1)
        }
        position = at + 1
        return escaped
    }

    /// Checks the escape whose letter is at `at`; returns the offset after it.
    private func escape(_ at: Int) throws(JSONError) -> Int {
        let letter = byte(at)
        if Text.unescaped(letter) != nil { return at + 1 }
        // Canonical form has no other escape: \u00 and two digits, for a control character.
        guard letter == UInt8(ascii: "u"), byte(at + 1) == UInt8(ascii: "0"), byte(at + 2) == UInt8(ascii: "0"),
            Text.hexadecimal(byte(at + 3)) != nil, Text.hexadecimal(byte(at + 4)) != nil
        else { throw malformed() }
        return at + 5
    }

    @inline(__always) private mutating func literal(_ word: UInt32, bytes: Int, _ kind: Kind) throws(JSONError) {
        let start = position
        let found = unsafe UInt32(littleEndian: base.loadUnaligned(fromByteOffset: start, as: UInt32.self))
        guard found == word, bytes == 4 || byte(start + 4) == UInt8(ascii: "e") else { throw malformed() }
        position += bytes
        append(kind, start, 0)
    }

    /// Skips the number at `position`.
    @inline(__always) private mutating func number() throws(JSONError) -> Kind {
        var at = position
        if byte(at) == UInt8(ascii: "-") { at += 1 }
        let whole = at
        while Self.isDigit(byte(at)) { at += 1 }
        guard at > whole, at == whole + 1 || byte(whole) != UInt8(ascii: "0") else { throw malformed() }
        let next = byte(at)
        guard next == UInt8(ascii: ".") || next == UInt8(ascii: "e") else {
            if at - whole > 16 {
                throw JSONError(.integerRange, offset: position, message: "integer outside ±2^53 − 1")
            }
            position = at
            return .int
        }
        try fraction(at)
        return .double
    }

    private mutating func fraction(_ start: Int) throws(JSONError) {
        var at = start
        if byte(at) == UInt8(ascii: ".") {
            at += 1
            let digits = at
            while Self.isDigit(byte(at)) { at += 1 }
            if at == digits { throw malformed() }
        }
        if byte(at) == UInt8(ascii: "e") {
            at += 1
            if byte(at) == UInt8(ascii: "+") || byte(at) == UInt8(ascii: "-") { at += 1 }
            let digits = at
            while Self.isDigit(byte(at)) { at += 1 }
            if at == digits { throw malformed() }
        }
        position = at
    }

    @inline(__always) private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    @inline(never) private func malformed() -> JSONError {
        JSONError(.malformed, offset: min(position, byteCount), message: "not a value in canonical form")
    }
}

/// One allocation that holds a document's bytes, followed by its nodes.
@safe struct Block: ~Copyable {
    /// Zero bytes after the document, so that a scan may read eight bytes anywhere and stops at the end by itself.
    static let paddingBytes = 16

    private(set) var bytes: UnsafeMutableRawPointer
    private(set) var nodes: UnsafeMutablePointer<Node>
    private(set) var nodeCapacity: Int
    private let nodesOffset: Int

    /// Room for `byteCapacity` bytes and their padding, and for `nodeCapacity` nodes, uninitialised.
    init(byteCapacity: Int, nodeCapacity: Int) {
        nodesOffset = (byteCapacity + Self.paddingBytes + 7) & ~7
        self.nodeCapacity = nodeCapacity
        unsafe bytes = UnsafeMutableRawPointer.allocate(
            byteCount: nodesOffset + nodeCapacity * MemoryLayout<Node>.stride, alignment: 8)
        unsafe nodes = (bytes + nodesOffset).assumingMemoryBound(to: Node.self)
    }

    /// Makes room for more nodes; changes both pointers.
    mutating func growNodes() {
        let capacity = nodeCapacity * 2 + 16
        let stride = MemoryLayout<Node>.stride
        let larger = UnsafeMutableRawPointer.allocate(byteCount: nodesOffset + capacity * stride, alignment: 8)
        unsafe larger.copyMemory(from: bytes, byteCount: nodesOffset + nodeCapacity * stride)
        unsafe bytes.deallocate()
        unsafe bytes = larger
        unsafe nodes = (larger + nodesOffset).assumingMemoryBound(to: Node.self)
        nodeCapacity = capacity
    }

    /// Writes the zero bytes after `count` bytes of document.
    func pad(after count: Int) {
        unsafe bytes.storeBytes(of: 0, toByteOffset: count, as: UInt64.self)
        unsafe bytes.storeBytes(of: 0, toByteOffset: count + 8, as: UInt64.self)
    }

    deinit { unsafe bytes.deallocate() }
}
