import AgentKit
import Engine
import JSON
import NIOCore
import Rules

/// The calls that activate, schedule and list rule sets.
struct RuleSetCalls: Sendable {
    let sequencer: Sequencer

    /// `POST /v1/rulesets`: checks a rule set and puts it in force, 201; with `dryRun` only checks it,
    /// the report that the policy asks for included, 200.
    func activate(_ call: Call, principal: String) async throws(ProblemReply) -> Reply {
        try call.query.allow("dryRun")
        let body = try RuleSetBody(EventBody.parse(call), principal: principal)
        if try call.query.flag("dryRun") {
            return try await checked(body)
        }
        do {
            let activation = try await sequencer.activate(body.request)
            return .json(Self.json(activation), status: activation.checkpoint == nil ? 200 : 201)
        } catch {
            throw Self.refusal(error)
        }
    }

    /// `GET /v1/rulesets`: every rule set that is or was in force, oldest first, then the scheduled ones; and all
    /// schedules, past ones too.
    func list(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let known = await sequencer.ruleSets()
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        if let active = known.active {
            writer.key("active")
            writer.string(active)
        }
        writer.key("rulesets")
        writer.beginArray()
        for item in known.ruleSets {
            Self.write(
                item.digest, item.activated, from: item.effectiveFrom, inForce: item.digest == known.active,
                since: item.since, to: &writer)
        }
        for item in known.standing {
            Self.write(item.digest, item.activated, from: item.effectiveFrom, inForce: false, to: &writer)
        }
        writer.endArray()
        Self.write(known.schedules, to: &writer)
        writer.endObject()
        return .json(writer.bytes)
    }

    /// `DELETE /v1/rulesets/schedule/{sequence}`: cancels a schedule that has not come into force, 200.
    func cancel(_ call: Call, principal: String) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let text = call.path[3]
        guard let sequence = EntrySequence(padded: text) ?? QueryItems.number(text).map(EntrySequence.init) else {
            throw .notFound("`\(text)` is not a sequence")
        }
        do {
            let done = try await sequencer.cancelSchedule(sequence, principal: principal)
            var writer = CanonicalWriter(capacity: 512)
            writer.beginObject()
            writer.key("cancelled")
            writer.int(Int64(done.schedule.activated.value))
            writer.key("checkpoint")
            writer.string(done.checkpoint)
            writer.key("digest")
            writer.string(done.schedule.digest)
            writer.key("effectiveFrom")
            writer.string(done.schedule.effectiveFrom.text)
            Self.write(done.schedules, to: &writer)
            writer.key("sequence")
            writer.int(Int64(done.sequence.value))
            writer.endObject()
            return .json(writer.bytes)
        } catch {
            throw Self.refusal(error)
        }
    }

    private static func write(
        _ digest: String, _ activated: EntrySequence, from: Instant?, inForce: Bool, since: Instant? = nil,
        to writer: inout CanonicalWriter
    ) {
        writer.beginObject()
        writer.key("activated")
        writer.int(Int64(activated.value))
        writer.key("digest")
        writer.string(digest)
        if let from {
            writer.key("effectiveFrom")
            writer.string(from.text)
        }
        writer.key("inForce")
        writer.bool(inForce)
        if let since {
            writer.key("since")
            writer.string(since.text)
        }
        writer.endObject()
    }

    /// Writes the member `schedule`.
    private static func write(_ schedules: [RuleSetSchedule], to writer: inout CanonicalWriter) {
        writer.key("schedule")
        writer.list(schedules) { item, writer in
            writer.beginObject()
            writer.key("activated")
            writer.int(Int64(item.activated.value))
            writer.key("digest")
            writer.string(item.digest)
            writer.key("effectiveFrom")
            writer.string(item.effectiveFrom.text)
            writer.key("status")
            writer.string(item.status.rawValue)
            writer.endObject()
        }
    }

    private func checked(_ body: RuleSetBody) async throws(ProblemReply) -> Reply {
        do {
            let digest = try await sequencer.checkActivation(body.request)
            var writer = CanonicalWriter(capacity: 128)
            writer.beginObject()
            writer.key("digest")
            writer.string(digest)
            writer.endObject()
            return .json(writer.bytes)
        } catch {
            throw Self.refusal(error)
        }
    }

    private static func json(_ activation: Engine.RuleSetActivation) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 512)
        writer.beginObject()
        if let checkpoint = activation.checkpoint {
            writer.key("checkpoint")
            writer.string(checkpoint)
        }
        writer.key("digest")
        writer.string(activation.digest)
        if let from = activation.effectiveFrom {
            writer.key("effectiveFrom")
            writer.string(from.text)
        }
        write(activation.schedules, to: &writer)
        if let sequence = activation.sequence {
            writer.key("sequence")
            writer.int(Int64(sequence.value))
        }
        writer.endObject()
        return writer.bytes
    }

    /// The answer to an error; that of a rule set in error holds every diagnostic with its excerpt.
    static func refusal(_ error: any Error) -> ProblemReply {
        switch error {
        case let error as RuleSetError: ProblemReply(Problem(.invalidEvent, error.description, pointer: "/files"))
        case let problem as Problem: ProblemReply(problem)
        default: .failure
        }
    }
}

/// Body of an activation: `{"files": {name: text}}` or `{"digest": …}`, and optionally `effectiveFrom` and `simulation`, the
/// signed report of one.
struct RuleSetBody {
    let request: ActivationRequest

    init(_ document: Document, principal: String) throws(ProblemReply) {
        let root = document.root
        guard root.kind == .object else { throw .malformed("a rule set is a JSON object", pointer: "") }
        var unknown: String?
        root.forEachMember { name, _ in
            if !["files", "digest", "effectiveFrom", "simulation"].contains(name) { unknown = unknown ?? name }
        }
        if let unknown {
            throw .malformed("unknown member `\(unknown)`", pointer: "/" + JSONPointer.escaped(unknown))
        }
        let files = try Self.files(root["files"])
        let digest = try Self.text(root, "digest")
        let from = try Self.text(root, "effectiveFrom").map { text throws(ProblemReply) in
            guard let instant = Instant(rfc3339: text) else {
                throw .malformed("`effectiveFrom` is not an RFC 3339 timestamp", pointer: "/effectiveFrom")
            }
            return instant
        }
        let source: ActivationRequest.Source
        switch (files.isEmpty, digest) {
        case (false, nil): source = .files(files)
        case (true, .some(let digest)): source = .recorded(digest: digest)
        default: throw .malformed("give `files`, a map from name to text, or the `digest` of an earlier rule set")
        }
        request = ActivationRequest(
            source, principal: principal, effectiveFrom: from,
            simulation: try Self.text(root, "simulation").map { Array($0.utf8) })
    }

    static func files(_ map: View?) throws(ProblemReply) -> [RuleFile] {
        guard let map, !map.isNull else { return [] }
        guard map.kind == .object else {
            throw .malformed("`files` is \(map.kind.article), not a map from name to text", pointer: "/files")
        }
        var files: [RuleFile] = []
        var wrong: String?
        map.forEachMember { name, text in
            guard let text = text.string else { return wrong = wrong ?? name }
            files.append(RuleFile(name: name, text: text))
        }
        if let wrong {
            throw .malformed("the text of a file is a string", pointer: "/files/" + JSONPointer.escaped(wrong))
        }
        return files
    }

    /// An optional member that must be a string; nil where it is absent or null.
    /// - Throws: `malformed` for any other value, which must not pass for an absent one.
    static func text(_ root: View, _ name: StaticString) throws(ProblemReply) -> String? {
        guard let value = root[name], !value.isNull else { return nil }
        guard let text = value.string else {
            throw .malformed("`\(name)` is \(value.kind.article), not a string", pointer: "/\(name)")
        }
        return text
    }
}
