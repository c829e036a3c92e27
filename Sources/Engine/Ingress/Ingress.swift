import AgentKit
package import JSON
package import Rules

/// The ingress: reads what producers send, refuses what does not fit, and lays out the rest as entries. It knows nothing of
/// the ledger's state, so any number of threads use it at once.
package struct Ingress: Sendable {
    /// A subject, id or source may have that many bytes.
    package static let attributeBytesMax = 1024

    private let types: EventTypes
    private let correctable: Set<String>
    private let ruleSet: String
    private let origin: String
    private let sealing: (any Sealing)?
    private let currencies: Currencies
    let policy: Policy
    /// The ingresses of rule sets that come into force later, in order.
    private var later: [(from: Instant, ingress: Ingress)] = []

    /// - Parameter sealing: seals personal fields; without it events that carry any are refused.
    package init(ruleSet: RuleSet, origin: String, sealing: (any Sealing)?) {
        types = ruleSet.types
        correctable = ruleSet.correctable
        self.ruleSet = ruleSet.digest
        policy = ruleSet.policy
        currencies = ruleSet.currencies
        self.origin = origin
        self.sealing = sealing
    }

    // MARK: Rule sets that come into force later

    /// This ingress, and from then on the others, which are in order.
    func followed(by later: [(from: Instant, ingress: Ingress)]) -> Ingress {
        var ingress = self
        ingress.later = later
        return ingress
    }

    /// The one ingress that checks what is recorded at `time`.
    func alone(at time: Instant) -> Ingress {
        later.isEmpty ? self : (later.last { $0.from <= time }?.ingress ?? self).followed(by: [])
    }

    /// Goes on to the ingress of an event's own time: on the events' clock that is when it is recorded, and what follows it
    /// is not recorded earlier.
    /// - Returns: false where this ingress stays.
    package mutating func follow(_ event: View) -> Bool {
        guard !later.isEmpty, event.kind == .object, let time = event["time"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let place = later.lastIndex(where: { $0.from <= time })
        else { return false }
        self = later[place].ingress.followed(by: Array(later[(place + 1)...]))
        return true
    }

    // MARK: Checking

    /// The type an event names.
    private func type(of event: View, _ hints: inout SpellingHints) throws(Problem) -> EventType {
        guard event.kind == .object else {
            throw Problem(.malformed, "an event is a JSON object, not \(event.kind.article)", pointer: "")
        }
        guard let value = event["type"] else {
            throw Problem(.invalidEvent, "`type` is missing", pointer: "/type")
        }
        guard let name = value.string else {
            throw Problem(.invalidEvent, "`type` is \(value.kind.article), not a string", pointer: "/type")
        }
        guard let type = types[name] else {
            let hint = hints.hint(name, among: types.all.lazy.filter(\.kind.isFromOutside).map(\.name))
            throw Problem(.unknownType, "unknown event type `\(Shown.text(name))`\(hint)", pointer: "/type")
        }
        guard type.kind.isFromOutside else {
            throw Problem(.decisionType, "`\(name)` is a decision: only rules emit it", pointer: "/type")
        }
        return type
    }

    /// Returns true for a source in whose name the ledger itself appends: of the clock, the engine or an agent. A producer
    /// of that name could take the ids of the ledger's own entries, and would be taken for it.
    static func isOwn(source: String) -> Bool {
        source == "/clock" || source == "/engine" || source.utf8.starts(with: "/agents/".utf8)
    }

    /// Checks one CloudEvents object and lays it out as the entry of the principal `authority`.
    /// - Throws: the `Problem` for which it cannot be recorded.
    package func prepare(_ event: View, authority: String) throws(Problem) -> PreparedEvent {
        var hints = SpellingHints()
        return try prepare(event, authority: authority, hints: &hints)
    }

    /// The same for one of several events that share the hints of one answer.
    /// - Throws: the `Problem` for which it cannot be recorded.
    package func prepare(
        _ event: View, authority: String, hints: inout SpellingHints
    ) throws(Problem) -> PreparedEvent {
        let event = try RegularForm.of(event)
        let type = try type(of: event, &hints)
        var encoder = EventEncoder(authority: authority)
        try encoder.read(event)
        let sent = event["data"] ?? Document.emptyObject.root
        if let violation = type.violation(sent, hints: &hints) {
            throw Problem(.invalidEvent, violation.message, pointer: "/data" + violation.pointer)
        }
        if let currency = sent["currency"]?.string, currencies.exponent(of: currency) == nil {
            let hint = hints.hint(currency, among: currencies.codes)
            throw Problem(
                .invalidEvent, "unknown currency `\(Shown.text(currency))`\(hint)", pointer: "/data/currency")
        }
        if type.name == AdminOverride.type { try CarriedDecisions.check(sent["emit"], types, correctable, &hints) }
        let minimal = type.minimised(sent)
        try requireUnsigned(event, type, reduced: minimal?.member)
        let data = minimal?.data.root ?? sent
        var sealed: Document?
        var refusal: Problem?
        if !type.personalFields.isEmpty {
            do throws(Problem) {
                sealed = try seal(data, of: type, source: encoder.source, id: encoder.id)
            } catch {
                guard error.kind == .erased else { throw error }
                refusal = error
                sealed = impersonal(data, of: type)
            }
        }
        return try encoder.finish(
            event, type: type, data: sealed?.root ?? minimal?.data.root ?? event["data"], ruleSet: ruleSet,
            refusal: refusal)
    }

    /// Refuses a signed event that would not be recorded as it was signed.
    private func requireUnsigned(_ event: View, _ type: EventType, reduced: String?) throws(Problem) {
        guard let signature = event["signature"], !signature.isNull else { return }
        if let reduced {
            throw Problem(
                .invalidEvent,
                "`\(reduced)` would be recorded in part, which the signature does not cover: sign what is kept of it",
                pointer: "/data/" + reduced)
        }
        let data = event["data"]
        if let member = type.personalFields.first(where: { data?.member($0).map { !$0.isNull } ?? false }) {
            throw Problem(
                .invalidEvent, "`\(member)` is sealed, which the signature does not cover: send it unsigned",
                pointer: "/data/" + member)
        }
    }

    /// The same data with every personal member sealed under the key of the person in `userId`.
    private func seal(_ data: View, of type: EventType, source: String, id: String) throws(Problem) -> Document? {
        let present = type.personalFields.filter { data.member($0).map { !$0.isNull } ?? false }
        guard !present.isEmpty else { return nil }
        guard let sealing else {
            throw Problem(.unavailable, "personal data cannot be sealed here: the ledger's keys are not open")
        }
        guard let user = data["userId"]?.string else {
            throw Problem(.invalidEvent, "personal data needs `userId`", pointer: "/data/userId")
        }
        var replaced: [String: (commitment: String, sealed: String)] = [:]
        for name in present {
            guard let value = data.member(name) else { continue }
            replaced[name] = try sealing.seal(
                value, userId: user, origin: origin, source: source, id: id, pointer: "/data/" + name)
        }
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        data.forEachMember { name, value in
            writer.key(name)
            guard let hidden = replaced[name] else { return writer.value(value) }
            writer.beginObject()
            writer.key("commitment")
            writer.string(hidden.commitment)
            writer.key("sealed")
            writer.string(hidden.sealed)
            writer.endObject()
        }
        writer.endObject()
        guard let document = try? Document(adopting: writer.bytes) else {
            throw Problem(.tooLarge, "the sealed data is too large", pointer: "/data")
        }
        return document
    }

    /// The same data without its personal members.
    private func impersonal(_ data: View, of type: EventType) -> Document? {
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        data.forEachMember { name, value in
            guard !type.personalFields.contains(name) else { return }
            writer.key(name)
            writer.value(value)
        }
        writer.endObject()
        return try? Document(adopting: writer.bytes)
    }
}

extension Kind {
    /// The kind with its article, for messages.
    package var article: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a decimal number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
