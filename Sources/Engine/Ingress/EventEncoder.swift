import AgentKit
import Glibc
import JSON
import Rules

/// Lays out a producer's event as the entry it will be, leaving room for what the writer fills in. Members are read where
/// they lie, by node: this runs once an event on the threads that also serve connections.
struct EventEncoder {
    private(set) var source = ""
    private(set) var id = ""
    private(set) var subject: String?
    private(set) var time: Instant?
    private(set) var correlation: String?
    private(set) var traceParent: String?
    private let authority: String

    init(authority: String) { self.authority = authority }

    /// Reads and checks the attributes of an event, which is an object in regular form.
    mutating func read(_ event: View) throws(Problem) {
        let document = event.document
        let end = document.nodeAfter(event.node)
        var node = event.node + 1
        var hasVersion = false
        while node < end {
            switch unsafe document.withName(of: node, { unsafe EventAttribute($0) }) {
            case .specVersion:
                guard try text(document, node) == "1.0" else {
                    throw Problem(.invalidEvent, "`specversion` must be `1.0`", pointer: "/specversion")
                }
                hasVersion = true
            case .id: id = try name(document, node)
            case .source: source = try text(document, node)
            case .subject: subject = try name(document, node)
            case .correlation: correlation = try name(document, node)
            case .traceParent: traceParent = try text(document, node)
            case .dataSchema: _ = try text(document, node)
            case .time: time = try instant(document, node)
            case .type, .data, .dataContentType, .binaryData: break
            case .reserved:
                let name = document.name(of: node) ?? ""
                throw Problem(.reservedAttribute, "`\(name)` is set by the ledger; leave it out", pointer: "/\(name)")
            case .other: try checkExtension(document, node)
            }
            node = document.nodeAfter(node)
        }
        if !hasVersion { throw Self.missing("specversion") }
        if id.isEmpty { throw Self.missing("id") }
        if source.isEmpty { throw Self.missing("source") }
        guard !Ingress.isOwn(source: source) else {
            throw Problem(.reservedAttribute, "the source `\(source)` is the ledger's own", pointer: "/source")
        }
    }

    private static func missing(_ name: String) -> Problem {
        Problem(.invalidEvent, "`\(name)` is missing", pointer: "/\(name)")
    }

    private func text(_ document: Document, _ node: UInt32) throws(Problem) -> String {
        guard let text = document.string(of: node) else {
            let name = document.name(of: node) ?? ""
            throw Problem(
                .invalidEvent, "`\(name)` is \(document.kind(of: node).article), not a string", pointer: "/\(name)")
        }
        guard (1...Ingress.attributeBytesMax).contains(text.utf8.count) else {
            let name = document.name(of: node) ?? ""
            let what = text.isEmpty ? "is empty" : "is longer than \(Ingress.attributeBytesMax) bytes"
            throw Problem(.invalidEvent, "`\(name)` \(what)", pointer: "/\(name)")
        }
        guard AttributeText.isAdmitted(text.utf8) else { throw Self.controlCharacter(document, node) }
        return text
    }

    /// A text that names something: it stands in plain text for ever, so it is no address of a person.
    private func name(_ document: Document, _ node: UInt32) throws(Problem) -> String {
        let text = try text(document, node)
        guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
        let name = document.name(of: node) ?? ""
        throw Problem(
            .invalidEvent, "`\(name)` has an `@`: it cannot be erased, so it may be no address; use an id",
            pointer: "/\(name)")
    }

    private static func controlCharacter(_ document: Document, _ node: UInt32) -> Problem {
        let name = document.name(of: node) ?? ""
        return Problem(
            .invalidEvent, "`\(Shown.text(name))` has a control character or a noncharacter",
            pointer: Shown.pointer(name))
    }

    private func instant(_ document: Document, _ node: UInt32) throws(Problem) -> Instant {
        if document.kind(of: node) == .string,
            let instant = unsafe document.withText(of: node, { unsafe Instant(rfc3339: $0) })
        {
            return instant
        }
        let text = try text(document, node)
        throw Problem(.invalidEvent, "`time` is not an RFC 3339 timestamp: `\(text)`", pointer: "/time")
    }

    /// Checks an extension attribute as CloudEvents asks: lower-case letters and digits, and a scalar value.
    private func checkExtension(_ document: Document, _ node: UInt32) throws(Problem) {
        let isName = unsafe document.withName(of: node) { name in
            unsafe !name.isEmpty
                && name.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) }
        }
        guard isName else {
            let name = document.name(of: node) ?? ""
            throw Problem(
                .invalidEvent, "`\(Shown.text(name))` is no CloudEvents attribute name (lower-case letters and digits)",
                pointer: Shown.pointer(name))
        }
        switch document.kind(of: node) {
        case .string:
            guard unsafe document.withText(of: node, { unsafe AttributeText.isAdmitted($0) }) else {
                throw Self.controlCharacter(document, node)
            }
        case .int, .bool: return
        case let kind:
            let name = document.name(of: node) ?? ""
            throw Problem(
                .invalidEvent,
                "the attribute `\(Shown.text(name))` is \(kind.article), not a string, integer or boolean",
                pointer: Shown.pointer(name))
        }
    }

    // MARK: Laying out

    /// One of the ledger's own members.
    private enum Own: Int {
        case authority, correlation, contentType, previousHash, recordedTime, sequence

        /// The name; the cases are in order of their names.
        var name: StaticString {
            switch self {
            case .authority: "authid"
            case .correlation: "correlationid"
            case .contentType: "datacontenttype"
            case .previousHash: "previoushash"
            case .recordedTime: "recordedtime"
            case .sequence: "sequence"
            }
        }

        var next: Own? { Own(rawValue: rawValue + 1) }

        /// Below zero where it comes before a name, zero where it is that name. Bytes of an ASCII name compare with any
        /// other as RFC 8785 orders them.
        func order(_ other: UnsafeRawBufferPointer) -> Int {
            let size = name.utf8CodeUnitCount
            let common = unsafe memcmp(name.utf8Start, other.baseAddress!, min(size, other.count))
            return common != 0 ? Int(common) : size - other.count
        }
    }

    /// The laid-out entry of an event whose attributes were read.
    /// - Parameters:
    ///   - data: what is recorded as its data: the event's own, or the same sealed.
    ///   - refusal: why it cannot be recorded, only found again.
    func finish(
        _ event: View, type: EventType, data: View?, ruleSet: String, refusal: Problem?
    ) throws(Problem) -> PreparedEvent {
        let document = event.document
        let end = document.nodeAfter(event.node)
        var node = event.node + 1
        var writer = CanonicalWriter(capacity: 1024)
        var holes = PreparedEvent.Holes()
        var content = PreparedEvent.Content()
        var own: Own? = .authority
        writer.beginObject()
        // The event's members are in order already; the ledger's are merged in.
        while node < end {
            let attribute = unsafe document.withName(of: node) { name in
                while let next = own, unsafe next.order(name) < 0 {
                    write(next, &writer, &holes)
                    own = next.next
                }
                if let next = own, unsafe next.order(name) == 0 { own = next.next }
                unsafe writer.key(utf8: name)
                return unsafe EventAttribute(name)
            }
            let start = writer.count
            if attribute == .data, let data {
                writer.value(data)
            } else {
                unsafe document.withCanonicalBytes(of: node) { unsafe writer.raw($0) }
            }
            switch attribute {
            case .subject: content.subject = start..<writer.count
            case .dataSchema: content.dataSchema = start..<writer.count
            case .time: content.time = start..<writer.count
            case .data: content.data = start..<writer.count
            default: break
            }
            node = document.nodeAfter(node)
        }
        while let next = own {
            write(next, &writer, &holes)
            own = next.next
        }
        writer.endObject()
        guard writer.count <= EntryEncoder.entryBytesMax else {
            throw Problem(
                .tooLarge, "the entry would be \(writer.count) bytes; at most \(EntryEncoder.entryBytesMax) fit")
        }
        return PreparedEvent(
            bytes: writer.bytes, holes: holes, type: type, attributes: self, ruleSet: ruleSet, content: content,
            refusal: refusal)
    }

    private func write(_ own: Own, _ writer: inout CanonicalWriter, _ holes: inout PreparedEvent.Holes) {
        writer.key(own.name)
        switch own {
        case .authority: writer.string(authority)
        case .contentType: writer.raw("\"application/json\"")
        case .correlation:
            holes.correlation = writer.count + 1
            writer.raw("\"0000000000000000\"")
        case .previousHash:
            holes.previousHash = writer.count + 1
            writer.raw("\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"")
        case .recordedTime:
            holes.recordedTime = writer.count + 1
            writer.raw("\"0000-00-00T00:00:00.000Z\"")
        case .sequence:
            holes.sequence = writer.count + 1
            writer.raw("\"0000000000000000\"")
        }
    }
}

/// Kind of a member of a producer's event, told by its name.
enum EventAttribute {
    case specVersion, id, source, type
    case subject, time, dataContentType, dataSchema, data, correlation, traceParent
    /// Data that is base64 of something.
    case binaryData
    /// The ledger sets it.
    case reserved
    case other

    init(_ name: UnsafeRawBufferPointer) {
        func isNamed(_ text: StaticString) -> Bool {
            unsafe memcmp(name.baseAddress!, text.utf8Start, text.utf8CodeUnitCount) == 0
        }
        switch name.count {
        case 2 where isNamed("id"): self = .id
        case 4 where isNamed("data"): self = .data
        case 4 where isNamed("time"): self = .time
        case 4 where isNamed("type"): self = .type
        case 4 where isNamed("rule"): self = .reserved
        case 5 where isNamed("agent"): self = .reserved
        case 6 where isNamed("source"): self = .source
        case 6 where isNamed("authid"): self = .reserved
        case 7 where isNamed("subject"): self = .subject
        case 7 where isNamed("because") || isNamed("ruleset"): self = .reserved
        case 8 where isNamed("sequence"): self = .reserved
        case 10 where isNamed("dataschema"): self = .dataSchema
        case 11 where isNamed("specversion"): self = .specVersion
        case 11 where isNamed("traceparent"): self = .traceParent
        case 11 where isNamed("data_base64"): self = .binaryData
        case 11 where isNamed("causationid"): self = .reserved
        case 12 where isNamed("previoushash") || isNamed("recordedtime"): self = .reserved
        case 13 where isNamed("correlationid"): self = .correlation
        case 15 where isNamed("datacontenttype"): self = .dataContentType
        default: self = .other
        }
    }
}

/// The strings that CloudEvents admits as attributes (version 1.0.2, section "Type System").
enum AttributeText {
    /// Returns true if UTF-8 has none of what the specification excludes: U+0000 to U+001F, U+007F to U+009F, noncharacters.
    /// Lone surrogates are no UTF-8.
    static func isAdmitted(_ bytes: some Sequence<UInt8>) -> Bool {
        // The scalar read so far, and the bytes it still lacks.
        var (scalar, missing): (UInt32, Int) = (0, 0)
        for byte in bytes {
            switch byte {
            case 0x20..<0x7F: continue
            case 0x00..<0x20, 0x7F: return false
            case 0x80..<0xC0:
                scalar = scalar << 6 | UInt32(byte & 0x3F)
                missing -= 1
                if missing == 0, isExcluded(scalar) { return false }
            case 0xC0..<0xE0: (scalar, missing) = (UInt32(byte & 0x1F), 1)
            case 0xE0..<0xF0: (scalar, missing) = (UInt32(byte & 0x0F), 2)
            default: (scalar, missing) = (UInt32(byte & 0x07), 3)
            }
        }
        return true
    }

    /// Of the scalars that are not ASCII.
    private static func isExcluded(_ scalar: UInt32) -> Bool {
        scalar < 0xA0 || (0xFDD0...0xFDEF).contains(scalar) || scalar & 0xFFFE == 0xFFFE
    }
}
