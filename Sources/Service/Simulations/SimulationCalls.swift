import Audit
import Engine
import HTTPTypes
import JSON
import NIOCore
import Rules

/// The calls that start, show and end a simulation.
struct SimulationCalls: Sendable {
    let ledger: OpenLedger

    /// `POST /v1/simulations`: starts one, 202 with its address; 429 where one runs.
    func start(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let body = try SimulationBody(EventBody.parse(call))
        var request = body.request
        if let digest = body.digest {
            guard let files = await ledger.sequencer.read({ $0.ruleFiles(of: digest) }) else {
                throw .notFound("the log holds no rule set `\(digest)`")
            }
            request.rules = files
        }
        guard ledger.reader.size > 0 else {
            throw ProblemReply(Problem(.unavailable, "the ledger has no entry yet", retryAfter: 5))
        }
        guard let run = ledger.simulations.start(request, of: ledger.reader.log) else {
            let which = ledger.simulations.running.map { "simulation \($0.id) runs" } ?? "the service ends"
            throw ProblemReply(
                Problem(
                    .tooManyRequests, "\(which): there is one at a time",
                    retryAfter: ServiceLimits.simulationRetrySeconds))
        }
        var reply = Reply.json(Self.json(run), status: 202)
        reply.fields[.location] = "/v1/simulations/" + run.id
        return reply
    }

    /// `GET /v1/simulations/{id}`: how far it is, or its report; 404 for any but the last.
    func show(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        return .json(Self.json(try run(call)))
    }

    /// `DELETE /v1/simulations/{id}`: ends it, and forgets its report.
    func remove(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let run = try run(call)
        ledger.simulations.remove(run)
        return .json(Self.json(run))
    }

    private func run(_ call: Call) throws(ProblemReply) -> SimulationRun {
        guard let run = ledger.simulations.run(call.path[2]) else {
            throw .notFound(
                "there is no simulation `\(call.path[2])`: the last one's report is kept until the next begins")
        }
        return run
    }

    /// `{entries, id, of, status}` of one that runs, `{id, report, status}` once it is done, `{failure, id, status}` where it
    /// could not be.
    private static func json(_ run: SimulationRun) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 256)
        writer.beginObject()
        let status: String
        switch run.state {
        case .running(let position):
            status = "running"
            writer.key("entries")
            writer.int(Int64(clamping: min(position, run.size)))
            writer.key("id")
            writer.string(run.id)
            writer.key("of")
            writer.int(Int64(clamping: run.size))
        case .done(let report):
            status = "done"
            writer.key("id")
            writer.string(run.id)
            writer.key("report")
            unsafe report.withUnsafeBytes { unsafe writer.raw($0) }
        case .failed(let reason):
            status = "failed"
            writer.key("failure")
            writer.string(reason)
            writer.key("id")
            writer.string(run.id)
        }
        writer.key("status")
        writer.string(status)
        writer.endObject()
        return writer.bytes
    }
}

/// Body of a simulation: `{"files": {name: text}}` or `{"digest": …}` for other rules, `from`, a sequence or a time, and
/// `without`, a list of sequences; `with` is a list of `{"before": sequence, "events": […]}`.
struct SimulationBody {
    private(set) var request = SimulationRequest()
    /// The rule set of the log under which everything is derived.
    let digest: String?

    init(_ document: Document) throws(ProblemReply) {
        let root = document.root
        try Self.check(root, ["digest", "files", "from", "with", "without"], "a simulation", at: "")
        let files = try RuleSetBody.files(root["files"])
        digest = try RuleSetBody.text(root, "digest")
        guard files.isEmpty || digest == nil else {
            throw .malformed("give `files`, or the `digest` of an earlier rule set, not both")
        }
        if !files.isEmpty { request.rules = files }
        if let from = root["from"], !from.isNull { request.from = try Self.moment(from) }
        for (index, item) in try Self.list(root["without"], "/without").enumerated() {
            request.without.insert(try Self.sequence(item, "/without/\(index)"))
        }
        request.with = try Self.added(root["with"])
        let isChanged = !request.without.isEmpty || !request.with.isEmpty
        guard isChanged || !files.isEmpty || digest != nil || request.from != nil else {
            throw .malformed("say what is to be other than it was: `files`, `digest`, `from`, `without` or `with`")
        }
    }

    private static func added(_ list: View?) throws(ProblemReply) -> [SimulationRequest.AddedEvents] {
        var added: [SimulationRequest.AddedEvents] = []
        for (index, item) in try Self.list(list, "/with").enumerated() {
            let place = "/with/\(index)"
            try check(item, ["before", "events"], "an addition", at: place)
            let before = try sequence(item["before"], place + "/before")
            var events: [(line: Int, event: Document)] = []
            for (number, event) in try Self.list(item["events"], place + "/events").enumerated() {
                let bytes = unsafe event.withCanonicalBytes { unsafe [UInt8]($0) }
                guard event.kind == .object, let copy = try? Document(adopting: bytes) else {
                    throw .malformed("an event is a JSON object", pointer: "\(place)/events/\(number)")
                }
                events.append((number, copy))
            }
            guard !events.isEmpty else { throw .malformed("there is no event to add", pointer: place + "/events") }
            added.append(.init(before: before, file: place + "/events", events: events))
        }
        return added
    }

    private static func check(
        _ view: View, _ known: Set<String>, _ what: String, at place: String
    ) throws(ProblemReply) {
        guard view.kind == .object else { throw .malformed("\(what) is a JSON object", pointer: place) }
        var unknown: String?
        view.forEachMember { name, _ in if !known.contains(name) { unknown = unknown ?? name } }
        if let unknown {
            throw .malformed("unknown member `\(unknown)`", pointer: place + "/" + JSONPointer.escaped(unknown))
        }
    }

    private static func list(_ view: View?, _ place: String) throws(ProblemReply) -> [View] {
        guard let view, !view.isNull else { return [] }
        guard view.kind == .array else { throw .malformed("it is \(view.kind.article), not a list", pointer: place) }
        return view.children.map { $0 }
    }

    private static func sequence(_ view: View?, _ place: String) throws(ProblemReply) -> UInt64 {
        guard let number = view?.int, number >= 0 else {
            throw .malformed("a sequence is a whole number", pointer: place)
        }
        return UInt64(number)
    }

    private static func moment(_ view: View) throws(ProblemReply) -> Moment {
        if view.int != nil { return .sequence(try sequence(view, "/from")) }
        guard let moment = view.string.flatMap({ Moment($0) }) else {
            throw .malformed("`from` is a sequence or an RFC 3339 time", pointer: "/from")
        }
        return moment
    }
}
