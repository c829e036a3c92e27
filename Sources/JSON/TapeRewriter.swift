/// Rewrites simdjson's tape (simdjson doc/tape.md) as canonical bytes with their node index, in one pass: members are
/// sorted as their object is reached. Stops at the first thing that I-JSON forbids.
@safe struct TapeRewriter: ~Copyable {
    private let words: UnsafePointer<UInt64>
    private let strings: UnsafeRawPointer
    private let block: Block
    private let out: UnsafeMutableRawPointer
    private let nodes: UnsafeMutablePointer<Node>
    private(set) var byteCount = 0
    private(set) var nodeCount: UInt32 = 0
    private var depth = 0

    private static let payload: UInt64 = 0x00FF_FFFF_FFFF_FFFF

    init(words: UnsafePointer<UInt64>, wordCount: Int, strings: UnsafeRawPointer, sourceBytes: Int) {
        unsafe self.words = words
        unsafe self.strings = strings
        // Only a number can be longer in canonical form than in the source, and it takes two words.
        block = Block(
            byteCapacity: sourceBytes + (wordCount / 2 + 1) * Limits.numberBytesMax, nodeCapacity: wordCount)
        unsafe out = block.bytes
        unsafe nodes = block.nodes
    }

    /// Hands over the bytes with their index.
    consuming func finish() -> Block { block }

    /// Rewrites the root; returns false if I-JSON forbids what is on the tape.
    mutating func run() -> Bool {
        guard value(1, nameStart: 0, nameFlags: 0) else { return false }
        block.pad(after: byteCount)
        return true
    }

    /// The index after the value at `index`.
    @inline(__always) private func after(_ index: Int) -> Int {
        let word = unsafe words[index]
        switch UInt8(truncatingIfNeeded: word >> 56) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return Int(UInt32(truncatingIfNeeded: word))
        case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): return index + 2
        default: return index + 1
        }
    }

    private mutating func value(_ index: Int, nameStart: UInt32, nameFlags: UInt32) -> Bool {
        let word = unsafe words[index]
        let start = byteCount
        let kind: Kind
        var flags = nameFlags
        switch UInt8(truncatingIfNeeded: word >> 56) {
        case UInt8(ascii: "\""):
            kind = .string
            if string(Int(word & Self.payload)) { flags |= Node.textEscaped }
        case UInt8(ascii: "l"):
            let value = unsafe Int64(bitPattern: words[index + 1])
            guard value.magnitude <= Limits.integerMagnitudeMax.magnitude else { return false }
            kind = .int
            unsafe byteCount += DecimalInteger.write(value, to: out + byteCount)
        case UInt8(ascii: "d"):
            let value = unsafe Double(bitPattern: words[index + 1])
            // False for NaN and infinities too; every double above 2^53 is integral.
            guard value.magnitude <= Double(Limits.integerMagnitudeMax) else { return false }
            kind = value == value.rounded(.towardZero) ? .int : .double
            unsafe byteCount += ECMAScriptNumber.write(value, to: out + byteCount)
        case UInt8(ascii: "t"):
            kind = .bool
            literal("true")
        case UInt8(ascii: "f"):
            kind = .bool
            literal("false")
        case UInt8(ascii: "n"):
            kind = .null
            literal("null")
        case UInt8(ascii: "{"): return container(.object, index, nameStart: nameStart, nameFlags: nameFlags)
        case UInt8(ascii: "["): return container(.array, index, nameStart: nameStart, nameFlags: nameFlags)
        default: return false
        }
        let node = UInt32(kind.rawValue) | flags
        unsafe (nodes + Int(nodeCount)).initialize(
            to: Node(
                start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: byteCount - start),
                next: nodeCount &+ 1, count: 0, nameStart: nameStart, flags: node))
        nodeCount &+= 1
        return true
    }

    private mutating func container(_ kind: Kind, _ index: Int, nameStart: UInt32, nameFlags: UInt32) -> Bool {
        guard depth < Limits.nestingLevelsMax else { return false }
        depth += 1
        let start = byteCount
        let node = Int(nodeCount)
        nodeCount &+= 1
        put(kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
        let last = after(index) - 1
        var count: UInt32 = 0
        if kind == .object {
            guard members(index + 1, last, &count) else { return false }
        } else {
            guard elements(index + 1, last, &count) else { return false }
        }
        put(kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        unsafe (nodes + node).initialize(
            to: Node(
                start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: byteCount - start),
                next: nodeCount, count: count, nameStart: nameStart, flags: UInt32(kind.rawValue) | nameFlags))
        depth -= 1
        return true
    }

    private mutating func elements(_ first: Int, _ last: Int, _ count: inout UInt32) -> Bool {
        var index = first
        while index < last {
            if count > 0 { put(UInt8(ascii: ",")) }
            guard value(index, nameStart: 0, nameFlags: 0) else { return false }
            count += 1
            index = after(index)
        }
        return true
    }

    /// Sorts and writes the members between two indices; returns false if two have the same name.
    private mutating func members(_ first: Int, _ last: Int, _ count: inout UInt32) -> Bool {
        count = memberCount(first, last)
        let total = Int(count)
        return unsafe withUnsafeTemporaryAllocation(of: Member.self, capacity: total) { members in
            unsafe collect(members, first)
            guard unsafe Member.sort(members, strings) else { return false }
            for i in 0..<total {
                if i > 0 { put(UInt8(ascii: ",")) }
                guard unsafe write(members[i]) else { return false }
            }
            return true
        }
    }

    /// The number of members between two indices: from the word before them, or counted if that is saturated.
    private func memberCount(_ first: Int, _ last: Int) -> UInt32 {
        let noted = unsafe UInt32(truncatingIfNeeded: words[first - 1] >> 32) & 0xFF_FFFF
        if noted < 0xFF_FFFF { return noted }
        var count: UInt32 = 0
        var index = first
        while index < last {
            count += 1
            index = after(index + 1)
        }
        return count
    }

    private func collect(_ members: UnsafeMutableBufferPointer<Member>, _ first: Int) {
        var index = first
        for i in members.indices {
            let text = unsafe Int(words[index] & Self.payload)
            unsafe members.initializeElement(
                at: i, to: Member(strings: strings, text: text, value: UInt32(truncatingIfNeeded: index + 1)))
            index = after(index + 1)
        }
    }

    private mutating func write(_ member: Member) -> Bool {
        let nameStart = UInt32(truncatingIfNeeded: byteCount + 1)
        let nameFlags = string(Int(member.text)) ? Node.nameEscaped : 0
        put(UInt8(ascii: ":"))
        return value(Int(member.value), nameStart: nameStart, nameFlags: nameFlags)
    }

    /// Writes the string at an offset of the tape's strings; returns whether it took escapes. It never takes more bytes
    /// than in the source, where at least the same characters were escaped.
    @inline(__always) private mutating func string(_ offset: Int) -> Bool {
        let length = unsafe Int(strings.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        let text = unsafe strings + offset + 4
        put(Text.quote)
        // simdjson keeps 64 bytes after its strings.
        var done = unsafe Text.copyPlain(text, length, to: out + byteCount, mayOverread: true)
        byteCount += done
        let escaped = done < length
        while done < length {
            let byte = unsafe text.load(fromByteOffset: done, as: UInt8.self)
            unsafe byteCount += Text.writeEscape(byte, to: out + byteCount)
            done += 1
            let plain = unsafe Text.copyPlain(text + done, length - done, to: out + byteCount, mayOverread: true)
            done += plain
            byteCount += plain
        }
        put(Text.quote)
        return escaped
    }

    @inline(__always) private mutating func put(_ byte: UInt8) {
        unsafe out.storeBytes(of: byte, toByteOffset: byteCount, as: UInt8.self)
        byteCount += 1
    }

    @inline(__always) private mutating func literal(_ text: StaticString) {
        unsafe (out + byteCount).copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        byteCount += text.utf8CodeUnitCount
    }
}

/// A member on simdjson's tape, while its object is sorted.
struct Member {
    /// The first eight bytes of the name, big-endian and filled with zeros: they settle nearly every comparison.
    let prefix: UInt64
    /// Offset of the name in the tape's strings: a length of four bytes, then the text.
    let text: UInt32
    /// Index of the value on the tape.
    let value: UInt32

    @inline(__always) init(strings: UnsafeRawPointer, text: Int, value: UInt32) {
        let length = unsafe Int(strings.loadUnaligned(fromByteOffset: text, as: UInt32.self))
        let word = unsafe UInt64(bigEndian: strings.loadUnaligned(fromByteOffset: text + 4, as: UInt64.self))
        prefix = length >= 8 ? word : word & ~(UInt64.max >> (8 * UInt64(length)))
        self.text = UInt32(truncatingIfNeeded: text)
        self.value = value
    }

    /// Sorts by name in canonical order, up to 32 members by insertion; returns false if two names are equal.
    static func sort(_ members: UnsafeMutableBufferPointer<Member>, _ strings: UnsafeRawPointer) -> Bool {
        guard members.count > 1 else { return true }
        if members.count > 32 { return unsafe sortMany(members, strings) }
        for i in 1..<members.count {
            let member = unsafe members[i]
            var place = i
            while place > 0 {
                let order = unsafe compare(members[place - 1], member, strings)
                if order < 0 { break }
                if order == 0 { return false }
                unsafe members[place] = members[place - 1]
                place -= 1
            }
            unsafe members[place] = member
        }
        return true
    }

    private static func sortMany(_ members: UnsafeMutableBufferPointer<Member>, _ strings: UnsafeRawPointer) -> Bool {
        var members = unsafe members
        unsafe members.sort { unsafe compare($0, $1, strings) < 0 }
        for i in 1..<members.count where unsafe compare(members[i - 1], members[i], strings) == 0 { return false }
        return true
    }

    @inline(__always) private static func compare(_ a: Member, _ b: Member, _ strings: UnsafeRawPointer) -> Int {
        // Below 0x80 all bytes of both prefixes order alike in UTF-8 and UTF-16.
        if a.prefix != b.prefix && (a.prefix | b.prefix) & 0x8080_8080_8080_8080 == 0 {
            return a.prefix < b.prefix ? -1 : 1
        }
        return unsafe JCS.compareKeys(a.name(strings), b.name(strings))
    }

    private func name(_ strings: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        let length = unsafe Int(strings.loadUnaligned(fromByteOffset: Int(text), as: UInt32.self))
        return unsafe UnsafeRawBufferPointer(start: strings + Int(text) + 4, count: length)
    }
}
