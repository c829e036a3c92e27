import AgentKit
import Engine
import JSON
import NIOCore
import Rules

/// The calls that put rule sets in force and list them.
struct RuleSetCalls: Sendable {
    let sequencer: Sequencer

    /// `POST /v1/rulesets`: checks a rule set and puts it in force, 201; with `dryRun` only checks it, 200.
    func activate(_ call: Call, principal: String) async throws(ProblemReply) -> Reply {
        try call.query.allow("dryRun")
        let body = try RuleSetBody(EventBody.parse(call), principal: principal)
        if try call.query.flag("dryRun") {
            return try await checked(body)
        }
        do {
            let activation = try await sequencer.activate(body.request)
            return .json(Self.json(activation), status: activation.sequence == nil ? 200 : 201)
        } catch {
            throw Self.refusal(error)
        }
    }

    /// `GET /v1/rulesets`: every rule set that was ever in force, oldest first.
    func list(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let (history, active) = await sequencer.read { ($0.ruleSetHistory, $0.activeRuleSet) }
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        if let active {
            writer.key("active")
            writer.string(active)
        }
        writer.key("rulesets")
        writer.beginArray()
        for item in history {
            writer.beginObject()
            writer.key("activated")
            writer.int(Int64(item.activated.value))
            writer.key("digest")
            writer.string(item.digest)
            writer.key("since")
            writer.string(item.since.text)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    private func checked(_ body: RuleSetBody) async throws(ProblemReply) -> Reply {
        do {
            let digest = try await sequencer.check(body.request)
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
        if let sequence = activation.sequence {
            writer.key("sequence")
            writer.int(Int64(sequence.value))
        }
        writer.endObject()
        return writer.bytes
    }

    /// Every diagnostic of a rule set in error, a line each, with its excerpt.
    private static func refusal(_ error: any Error) -> ProblemReply {
        switch error {
        case let error as RuleSetError: ProblemReply(Problem(.invalidEvent, error.description, pointer: "/files"))
        case let problem as Problem: ProblemReply(problem)
        default: .failure
        }
    }
}

/// What a client sends to have rules put in force: `{"files": {name: text}}` or `{"digest": …}`, and `effectiveFrom`.
struct RuleSetBody {
    let request: ActivationRequest

    init(_ document: Document, principal: String) throws(ProblemReply) {
        let root = document.root
        guard root.kind == .object else { throw .malformed("a rule set is a JSON object", pointer: "") }
        var files: [RuleFile] = []
        var wrong: String?
        root["files"]?.forEachMember { name, text in
            guard let text = text.string else { return wrong = wrong ?? name }
            files.append(RuleFile(name: name, text: text))
        }
        if let wrong {
            throw .malformed("the text of a file is a string", pointer: "/files/" + JSONPointer.escaped(wrong))
        }
        var from: Instant?
        if let text = root["effectiveFrom"]?.string {
            guard let instant = Instant(rfc3339: text) else {
                throw .malformed("`effectiveFrom` is not an RFC 3339 timestamp", pointer: "/effectiveFrom")
            }
            from = instant
        }
        let source: ActivationRequest.Source
        switch (files.isEmpty, root["digest"]?.string) {
        case (false, nil): source = .files(files)
        case (true, .some(let digest)): source = .recorded(digest: digest)
        default: throw .malformed("give `files`, a map from name to text, or the `digest` of an earlier rule set")
        }
        request = ActivationRequest(source, principal: principal, effectiveFrom: from)
    }
}
