import AgentKit
import JSON
import Rules

/// Lays out a producer's event as the entry it will be, leaving room for what the writer fills in.
struct EntryLayout {
    private(set) var source = ""
    private(set) var id = ""
    private var subject: String?
    private var time: Instant?
    private var correlation: String?
    private var traceParent: String?
    private let authority: String

    init(authority: String) { self.authority = authority }

    /// Attributes that the ledger sets; a producer that sends one is refused.
    static let reserved: [StaticString] = [
        "sequence", "previoushash", "recordedtime", "authid", "causationid", "agent", "rule", "ruleset", "because",
    ]

    /// Reads and checks the attributes.
    mutating func read(_ event: View) throws(Problem) {
        for name in Self.reserved where event[name] != nil {
            throw Problem(
                .reservedAttribute, "`\(name)` is set by the ledger; leave it out", pointer: "/\(name)")
        }
        guard try text(event, "specversion", required: true) == "1.0" else {
            throw Problem(.invalidEvent, "`specversion` must be `1.0`", pointer: "/specversion")
        }
        id = try text(event, "id", required: true) ?? ""
        source = try text(event, "source", required: true) ?? ""
        subject = try text(event, "subject", required: false)
        correlation = try text(event, "correlationid", required: false)
        traceParent = try text(event, "traceparent", required: false)
        _ = try text(event, "dataschema", required: false)
        if let value = try text(event, "time", required: false) {
            guard let instant = Instant(rfc3339: value) else {
                throw Problem(.invalidEvent, "`time` is not an RFC 3339 timestamp: `\(value)`", pointer: "/time")
            }
            time = instant
        }
        if let type = try text(event, "datacontenttype", required: false), type != "application/json" {
            throw Problem(
                .invalidEvent, "`datacontenttype` must be `application/json`, not `\(type)`",
                pointer: "/datacontenttype")
        }
        if event["data_base64"] != nil {
            throw Problem(.invalidEvent, "binary data is not accepted; send `data`", pointer: "/data_base64")
        }
    }

    private func text(_ event: View, _ name: StaticString, required: Bool) throws(Problem) -> String? {
        guard let value = event[name] else {
            guard !required else { throw Problem(.invalidEvent, "`\(name)` is missing", pointer: "/\(name)") }
            return nil
        }
        guard let text = value.string else {
            throw Problem(.invalidEvent, "`\(name)` is \(value.kind.article), not a string", pointer: "/\(name)")
        }
        guard !text.isEmpty else { throw Problem(.invalidEvent, "`\(name)` is empty", pointer: "/\(name)") }
        guard text.utf8.count <= Intake.attributeBytesMax else {
            throw Problem(
                .invalidEvent, "`\(name)` is longer than \(Intake.attributeBytesMax) bytes", pointer: "/\(name)")
        }
        return text
    }

    /// One member of the entry in the making.
    private enum Member {
        case authority
        case contentType
        case correlationHole
        case previousHashHole
        case recordedTimeHole
        case sequenceHole
    }

    /// The ledger's own members, in order of their names.
    private static let own: [(name: String, member: Member)] = [
        ("authid", .authority), ("correlationid", .correlationHole), ("datacontenttype", .contentType),
        ("previoushash", .previousHashHole), ("recordedtime", .recordedTimeHole), ("sequence", .sequenceHole),
    ]

    /// The laid-out entry.
    func finish(_ event: View, type: EventType, data: View?, ruleSet: String) throws(Problem) -> PreparedEvent {
        var writer = CanonicalWriter(capacity: 512)
        var holes = PreparedEvent.Holes()
        var content = PreparedEvent.Content()
        var own = Self.own[...]
        writer.beginObject()
        // The event's members are in order already; the ledger's are merged in.
        var refused: Problem?
        event.forEachMember { name, value in
            guard refused == nil else { return }
            if !Self.isKnown(name), let problem = Self.check(extension: name, value) { refused = problem }
            while let next = own.first, JCS.precedes(next.name, name) {
                write(next, &writer, &holes)
                own.removeFirst()
            }
            if own.first?.name == name { own.removeFirst() }
            writer.key(name)
            let start = writer.count
            writer.value(name == "data" ? data ?? value : value)
            Self.note(name, start..<writer.count, &content)
        }
        if let refused { throw refused }
        for member in own { write(member, &writer, &holes) }
        writer.endObject()
        guard writer.count <= EntryComposer.entryBytesMax else {
            throw Problem(
                .tooLarge, "the entry would be \(writer.count) bytes; at most \(EntryComposer.entryBytesMax) fit")
        }
        return PreparedEvent(
            bytes: writer.bytes, holes: holes, type: type, id: id, source: source, subject: subject, time: time,
            correlation: correlation, traceParent: traceParent, idHash: IdentifierHash.of(source: source, id: id),
            ruleSet: ruleSet, content: content)
    }

    private func write(
        _ own: (name: String, member: Member), _ writer: inout CanonicalWriter, _ holes: inout PreparedEvent.Holes
    ) {
        writer.key(own.name)
        switch own.member {
        case .authority: writer.string(authority)
        case .contentType: writer.raw("\"application/json\"")
        case .correlationHole:
            holes.correlation = writer.count + 1
            writer.raw("\"0000000000000000\"")
        case .previousHashHole:
            holes.previousHash = writer.count + 1
            writer.raw("\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"")
        case .recordedTimeHole:
            holes.recordedTime = writer.count + 1
            writer.raw("\"0000-00-00T00:00:00.000Z\"")
        case .sequenceHole:
            holes.sequence = writer.count + 1
            writer.raw("\"0000000000000000\"")
        }
    }

    private static func note(_ name: String, _ range: Range<Int>, _ content: inout PreparedEvent.Content) {
        switch name {
        case "subject": content.subject = range
        case "dataschema": content.dataSchema = range
        case "time": content.time = range
        case "data": content.data = range
        default: break
        }
    }

    private static func isKnown(_ name: String) -> Bool {
        switch name {
        case "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data",
            "correlationid", "traceparent":
            true
        default: false
        }
    }

    /// What CloudEvents asks of an extension attribute: lower-case letters and digits, and a scalar value.
    private static func check(extension name: String, _ value: View) -> Problem? {
        let isName = !name.isEmpty && name.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) }
        guard isName else {
            return Problem(
                .invalidEvent, "`\(name)` is no CloudEvents attribute name (lower-case letters and digits)",
                pointer: "/" + JSONPointer.escaped(name))
        }
        switch value.kind {
        case .string, .int, .bool: return nil
        default:
            return Problem(
                .invalidEvent, "the attribute `\(name)` is \(value.kind.article), not a string, integer or boolean",
                pointer: "/" + name)
        }
    }
}
