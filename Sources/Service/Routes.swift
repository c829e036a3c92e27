import AgentKit
import Audit
import Engine
import EventLog
import HTTPTypes
import NIOCore

/// Dispatch of requests to the service's calls: each is answered once the caller's permission is checked.
struct Routes: CallAnswering {
    let ledger: OpenLedger

    private var log: LogCalls { ledger.calls }

    func answer(_ call: Call) async -> Reply {
        do throws(ProblemReply) { return try await route(call) } catch { return error.reply }
    }

    private func route(_ call: Call) async throws(ProblemReply) -> Reply {
        let words = call.path
        switch (words.first, words.count) {
        case ("healthz", 1): return try await get(call, nil) { _ in Self.healthy }
        case ("readyz", 1): return try await get(call, nil) { _ in await ledger.readiness() }
        case ("v1", 2...): break
        default: throw Self.noCall(words)
        }
        switch (words[1], words.count) {
        case ("events", 2) where call.method == "POST": return try await append(call)
        case ("events", 2): return try await get(call, "events.read", allow: "GET, HEAD, POST", log.events)
        case ("events", 3): return try await get(call, "events.read", log.entry)
        case ("events", 4) where words[3] == "receipt": return try await get(call, "receipt", log.receipt)
        case ("events", 4) where words[3] == "explanation":
            return try await get(call, "explanation", explanation)
        case ("events", 4) where words[3] == "reveal":
            guard call.method == "POST" else { throw .methodNotAllowed(call.method, allow: "POST") }
            let access = try await permit(call, "reveal")
            return try await RevealCall(ledger: ledger).answer(call, principal: access.principal)
        case ("rulesets", 2) where call.method == "POST":
            let access = try await permit(call, Machine.activationCall)
            return try await RuleSetCalls(sequencer: ledger.sequencer).activate(call, principal: access.principal)
        case ("rulesets", 2):
            let calls = RuleSetCalls(sequencer: ledger.sequencer)
            return try await get(call, "rulesets.read", allow: "GET, HEAD, POST", calls.list)
        case ("rulesets", 4) where words[2] == "schedule":
            guard call.method == "DELETE" else { throw .methodNotAllowed(call.method, allow: "DELETE") }
            let access = try await permit(call, Machine.activationCall)
            return try await RuleSetCalls(sequencer: ledger.sequencer).cancel(call, principal: access.principal)
        case ("shadow", 2): return try await shadow(call)
        case ("simulations", 2...3): return try await simulations(call)
        case ("clock", 3) where words[2] == "accept": return try await acceptClock(call)
        case ("bundles", 4): return try await get(call, "explanation", bundle)
        case ("complaints", 4) where words[3] == "dispute": return try await get(call, "explanation", dispute)
        case ("checkpoint", 2): return try await get(call, "checkpoint", log.checkpoint)
        case ("consistency", 2): return try await get(call, "checkpoint", log.consistency)
        case ("tlog", 3...):
            let file = words.dropFirst(2)
            return try await get(call, LogCalls.permission(toReadTile: file)) { call throws(ProblemReply) in
                try await log.tile(call, file)
            }
        case ("projections", 4): return try await get(call, "projections.read", record)
        case ("accounts", 3): return try await get(call, "accounts.read", account)
        case ("accounts", 4) where words[3] == "transfers":
            return try await get(call, "accounts.read", transfers)
        default: throw Self.noCall(words)
        }
    }

    private static func noCall(_ words: [String]) -> ProblemReply {
        .notFound("there is no call `/\(words.joined(separator: "/"))`")
    }

    /// Answers a read-only call; `name` is its permission in `policy.yaml`, nil where it is open to everyone.
    private func get(
        _ call: Call, _ name: String?, allow: String = "GET, HEAD",
        _ body: (Call) async throws(ProblemReply) -> Reply
    ) async throws(ProblemReply) -> Reply {
        guard call.method == "GET" else { throw .methodNotAllowed(call.method, allow: allow) }
        if let name { try await permit(call, name) }
        return try await body(call)
    }

    @discardableResult
    private func permit(_ call: Call, _ name: String) async throws(ProblemReply) -> Access {
        let access = await ledger.access(of: call.principal)
        do throws(Problem) { try access.requireCall(name) } catch { throw ProblemReply(error) }
        return access
    }

    // MARK: Calls

    private static let healthy = Reply.json(Array("{\"status\":\"ok\"}".utf8))

    private func append(_ call: Call) async throws(ProblemReply) -> Reply {
        let access = try await permit(call, "events.append")
        let options = try AppendOptions(call)
        let body = try EventBody(call)
        return await ledger.appender.append(body, options, by: access, mayMoveClock: access.mayMoveClock).reply
    }

    private func acceptClock(_ call: Call) async throws(ProblemReply) -> Reply {
        guard call.method == "POST" else { throw .methodNotAllowed(call.method, allow: "POST") }
        try await permit(call, "clock.accept")
        try call.query.allow()
        do throws(Problem) {
            let accepted = try await ledger.sequencer.acceptClock()
            return .json(
                Array("{\"clock\":\"\(accepted.now.text)\",\"jumpSeconds\":\(accepted.jumpSeconds)}".utf8))
        } catch {
            throw ProblemReply(error)
        }
    }

    private func shadow(_ call: Call) async throws(ProblemReply) -> Reply {
        let calls = ShadowCalls(ledger: ledger)
        switch call.method {
        case "PUT":
            let access = try await permit(call, Machine.activationCall)
            return try await calls.start(call, principal: access.principal)
        case "DELETE":
            try await permit(call, Machine.activationCall)
            return try await calls.stop(call)
        default:
            return try await get(call, "rulesets.read", allow: "DELETE, GET, HEAD, PUT", calls.show)
        }
    }

    private func simulations(_ call: Call) async throws(ProblemReply) -> Reply {
        let calls = SimulationCalls(ledger: ledger)
        switch (call.method, call.path.count) {
        case ("POST", 2):
            try await permit(call, "rulesets.activate")
            return try await calls.start(call)
        case (_, 2): throw .methodNotAllowed(call.method, allow: "POST")
        case ("DELETE", _):
            try await permit(call, "rulesets.activate")
            return try await calls.remove(call)
        default: return try await get(call, "explanation", allow: "DELETE, GET, HEAD", calls.show)
        }
    }

    private func explanation(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow("rules", "verbose")
        let isVerbose = try call.query.flag("verbose")
        let form: ExplanationReader.Form = call.accepts("text/plain") ? .text(verbose: isVerbose) : .json
        let rules = call.query["rules"].map { $0 == "active" ? RulesAsked.active : .recorded($0) }
        return try await ledger.explanations.explain(
            try LogCalls.sequence(call), as: form, under: rules, for: call.connection)
    }

    private func bundle(_ call: Call) async throws(ProblemReply) -> Reply {
        guard let kind = DisputeSubject.Kind(rawValue: call.path[2]) else {
            let kinds = DisputeSubject.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .notFound("there are no bundles of `\(call.path[2])`; there are those of \(kinds)")
        }
        return try await bundle(DisputeSubject(kind: kind, id: call.path[3]), call)
    }

    private func dispute(_ call: Call) async throws(ProblemReply) -> Reply {
        try await bundle(DisputeSubject(kind: .complaint, id: call.path[2]), call)
    }

    private func bundle(_ subject: DisputeSubject, _ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let reader = BundleReader(reader: ledger.reader, history: ledger.explanations.history)
        return try await reader.bundle(subject, for: call.connection)
    }

    private func moment(_ call: Call) throws(ProblemReply) -> Moment? {
        try call.query.allow("at")
        guard let text = call.query["at"] else { return nil }
        guard let moment = Moment(text) else {
            throw .malformed("`at` is a sequence or an RFC 3339 time, not `\(text)`")
        }
        return moment
    }

    private func record(_ call: Call) async throws(ProblemReply) -> Reply {
        let (projection, key) = (call.path[2], call.path[3])
        let moment = try moment(call)
        let access = await ledger.access(of: call.principal)
        do throws(Problem) { try access.requireRead(projection: projection) } catch { throw ProblemReply(error) }
        return Self.reply(try await ledger.records.record(projection, key, at: moment, for: call.connection))
    }

    private func account(_ call: Call) async throws(ProblemReply) -> Reply {
        let id = call.path[2]
        let moment = try moment(call)
        let record = try await ledger.records.record(
            AccountRecord.projection, id, at: moment, for: call.connection)
        guard let account = AccountRecord(id: id, row: record.json) else { throw .failure }
        return Self.reply(RecordReader.Record(json: account.json, sequence: record.sequence))
    }

    private func transfers(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow("after", "limit")
        let id = call.path[2]
        _ = try await ledger.records.record(AccountRecord.projection, id, at: nil, for: call.connection)
        return try await log.page(call, AccountTransfers(of: id))
    }

    private static func reply(_ record: RecordReader.Record) -> Reply {
        var reply = Reply.json(record.json)
        if let sequence = record.sequence { reply.fields[.docketSequence] = String(sequence) }
        return reply
    }
}
