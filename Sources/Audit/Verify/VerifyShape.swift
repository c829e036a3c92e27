import Glibc
import TransparencyLog

/// The form that entries of one kind share: names, punctuation, literals and the attributes that say who appended them and
/// why, with gaps for the values that differ.
///
/// It is made of an entry in which `VerifyEntryReader` found nothing wrong. An entry that has the same bytes around its
/// gaps, and in each gap a value of the same kind in canonical form, is canonical too, has the same attributes, and keeps
/// every promise that depends on the fixed bytes alone; `match` checks the others. It is an answer only where nothing is
/// wrong: what does not match is left to `VerifyScanner` and `VerifyPromises`.
@safe struct VerifyShape {
    /// The value in a gap.
    enum Gap: UInt8 {
        /// None: the entry ends.
        case end
        /// A string of any length, and one that is not empty.
        case text, someText
        /// A number.
        case number
        /// No gap, but an attribute that ends here and whose place is noted.
        case fixed
        /// The entry's own sequence, the link to the entry before, the recorded time, the sequence of the cause.
        case own, link, time, cause
    }

    /// Fixed bytes and the gap after them.
    private struct Part {
        let start: Int32
        let count: Int32
        let gap: Gap
        /// The raw value of the attribute in the gap, -1 if its place is of no interest.
        let field: Int8
        /// The length of a fixed attribute.
        let width: Int16
    }

    /// Freed by `free`; followed by the fixed bytes.
    private let parts: UnsafeMutablePointer<Part>
    private let fixed: UnsafeMutablePointer<UInt8>
    /// The member of `data` that the subject repeats, if the type asks for one.
    private let named: VerifyFields.Name?
    private let hasReason: Bool

    /// The shape of an entry in which nothing is wrong; nil if what it promises cannot be told from its gaps.
    init?(_ bytes: UnsafeRawBufferPointer, _ fields: VerifyFields) {
        let outline = unsafe VerifyOutline(bytes, fields)
        named = outline.named
        if let named, !outline.gapFields.contains(named) || !outline.gapFields.contains(.subject) { return nil }
        hasReason = outline.gapFields.contains(.because)
        unsafe parts = .allocate(capacity: outline.parts.count)
        unsafe fixed = .allocate(capacity: bytes.count)
        unsafe fixed.initialize(
            from: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        for (i, part) in outline.parts.enumerated() {
            unsafe (parts + i).initialize(
                to: Part(
                    start: Int32(part.fixed.lowerBound), count: Int32(part.fixed.count), gap: part.gap,
                    field: Int8(part.field?.rawValue ?? -1), width: Int16(truncatingIfNeeded: part.width)))
        }
    }

    func free() {
        unsafe parts.deallocate()
        unsafe fixed.deallocate()
    }

    /// Returns true if an entry has this shape and nothing about it is wrong, and then notes its attributes in `context`.
    func match(_ bytes: UnsafeRawBufferPointer, _ context: VerifyShapeContext) -> Bool {
        let base = unsafe bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
        let end = bytes.count
        var at = 0
        var part = unsafe parts
        while true {
            let count = unsafe Int(part.pointee.count)
            guard end - at >= count, unsafe Self.isEqual(base + at, fixed + Int(part.pointee.start), count) else {
                return false
            }
            at += count
            var start = at
            switch unsafe part.pointee.gap {
            case .end: return unsafe at == end && keepsPromises(base, context)
            case .fixed: start = unsafe at - Int(part.pointee.width)
            case .text, .someText:
                guard unsafe Self.skipText(bytes, &at), unsafe at > start || part.pointee.gap == .text else {
                    return false
                }
            case .number: guard unsafe Self.skipNumber(bytes, &at) else { return false }
            case .own:
                guard end - at >= 16, unsafe context.isOwn(base + at) else { return false }
                at += 16
            case .link:
                guard end - at >= Hash256.base64Bytes, unsafe context.isLink(base + at) else { return false }
                at += Hash256.base64Bytes
            case .time:
                guard end - at >= VerifyTime.bytes,
                    unsafe context.follows(UnsafeRawBufferPointer(start: base + at, count: VerifyTime.bytes))
                else { return false }
                at += VerifyTime.bytes
            case .cause:
                guard end - at >= 16, unsafe context.isCause(base + at) else { return false }
                at += 16
            }
            let field = unsafe part.pointee.field
            if field >= 0 { unsafe context.places[Int(field)] = (Int32(start), Int32(at)) }
            unsafe part += 1
        }
    }

    /// Checks the promises on attributes in gaps that no gap alone tells.
    private func keepsPromises(_ base: UnsafePointer<UInt8>, _ context: VerifyShapeContext) -> Bool {
        if hasReason, context.range(.because).count > VerifyPromises.becauseBytesMax { return false }
        guard let named else { return true }
        let subject = context.range(.subject), value = context.range(named)
        return unsafe !subject.isEmpty && subject.count == value.count
            && memcmp(base + subject.lowerBound, base + value.lowerBound, subject.count) == 0
    }

    @inline(__always)
    private static func word(_ at: UnsafePointer<UInt8>) -> UInt64 {
        unsafe UnsafeRawPointer(at).loadUnaligned(as: UInt64.self)
    }

    @inline(__always)
    private static func isEqual(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count >= 8 else {
            for i in 0..<count where unsafe a[i] != b[i] { return false }
            return true
        }
        var i = 0
        while i + 8 < count {
            guard unsafe word(a + i) == word(b + i) else { return false }
            i += 8
        }
        return unsafe word(a + (count - 8)) == word(b + (count - 8))
    }

    /// Goes on to the closing quotation mark of a string whose opening one lies just before.
    @inline(__always)
    private static func skipText(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        let plain = unsafe VerifyScanner.plainEnd(bytes, at)
        if plain < bytes.count, unsafe bytes[plain] == UInt8(ascii: "\"") {
            at = plain
            return true
        }
        var scanner = unsafe VerifyScanner(bytes, at: at - 1)
        guard scanner.string() else { return false }
        at = scanner.at - 1
        return true
    }

    /// Goes on to the end of a number; integers of up to 15 digits are told apart here.
    @inline(__always)
    private static func skipNumber(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        var i = at
        if i < bytes.count, unsafe bytes[i] == UInt8(ascii: "-") { i += 1 }
        let first = i
        while i < bytes.count, unsafe bytes[i] &- UInt8(ascii: "0") < 10 { i += 1 }
        let count = i - first
        if count > 0, count <= 15, unsafe bytes[first] != UInt8(ascii: "0") || (count == 1 && first == at),
            i < bytes.count, unsafe ![0x2E, 0x45, 0x65].contains(bytes[i])
        {
            at = i
            return true
        }
        var scanner = unsafe VerifyScanner(bytes, at: at)
        guard scanner.number() else { return false }
        at = scanner.at
        return true
    }
}

/// The parts of an entry in canonical form: what is fixed in its kind, and the gaps.
private struct VerifyOutline {
    struct Part {
        let fixed: Range<Int>
        let gap: VerifyShape.Gap
        let field: VerifyFields.Name?
        let width: Int
    }

    private(set) var parts: [Part] = []
    private(set) var gapFields: Set<VerifyFields.Name> = []
    /// The member of `data` that the subject repeats.
    private(set) var named: VerifyFields.Name?
    private var start = 0

    private static let fixedFields: Set<VerifyFields.Name> = [
        .agent, .authid, .datacontenttype, .rule, .ruleset, .specversion, .type,
    ]

    init(_ bytes: UnsafeRawBufferPointer, _ fields: VerifyFields) {
        let attributes = unsafe withUnsafePointer(to: fields) { fields in
            let entry = unsafe VerifyAttributes(bytes, fields)
            return (
                named: VerifyPromises.subjectMember(entry),
                isOwn: entry.has(.agent) || entry.isEqual(.authid, "clock") || entry.isEqual(.authid, "ledger")
            )
        }
        named = attributes.named
        var names: [Int: VerifyFields.Name] = [:]
        for name in VerifyFields.Name.allCases {
            if let range = fields[name] { names[range.lowerBound] = name }
        }
        var at = 0
        while at < bytes.count {
            switch unsafe bytes[at] {
            case UInt8(ascii: "\""):
                let end = unsafe Self.end(of: bytes, at + 1)
                // A string with a colon behind it is a name.
                if unsafe bytes[end + 1] != UInt8(ascii: ":") {
                    add(names[at + 1], (at + 1)..<end, isOwn: attributes.isOwn)
                }
                at = end + 1
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                parts.append(Part(fixed: start..<at, gap: .number, field: nil, width: 0))
                while at < bytes.count, unsafe Self.isInNumber(bytes[at]) { at += 1 }
                start = at
            default: at += 1
            }
        }
        parts.append(Part(fixed: start..<bytes.count, gap: .end, field: nil, width: 0))
    }

    private mutating func add(_ name: VerifyFields.Name?, _ content: Range<Int>, isOwn: Bool) {
        if let name, Self.fixedFields.contains(name) { return }
        if name == .source, isOwn {
            parts.append(Part(fixed: start..<content.upperBound, gap: .fixed, field: name, width: content.count))
        } else {
            let gap: VerifyShape.Gap =
                switch name {
                case .sequence: .own
                case .id: isOwn ? .own : .someText
                case .previoushash: .link
                case .recordedtime: .time
                case .causationid: .cause
                case .source, .correlationid: .someText
                default: .text
                }
            parts.append(Part(fixed: start..<content.lowerBound, gap: gap, field: name, width: 0))
            if let name { gapFields.insert(name) }
        }
        start = content.upperBound
    }

    /// The index of the quotation mark that closes a string.
    private static func end(of bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var i = start
        while unsafe bytes[i] != UInt8(ascii: "\"") { i += unsafe bytes[i] == UInt8(ascii: "\\") ? 2 : 1 }
        return i
    }

    private static func isInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
