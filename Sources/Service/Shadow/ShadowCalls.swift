import Audit
import Engine
import EventLog
import JSON
import NIOCore
import Rules

/// The calls that start, show and stop a shadow.
struct ShadowCalls: Sendable {
    let ledger: OpenLedger

    /// `PUT /v1/shadow`: starts a rule set as a shadow, in the place of the one that runs, 202.
    func start(_ call: Call, principal: String) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let body = try RuleSetBody(EventBody.parse(call), principal: principal)
        guard body.request.effectiveFrom == nil, body.request.simulation == nil else {
            throw .malformed("a shadow begins at once: give `files`, or the `digest` of an earlier rule set")
        }
        let digest: String
        do { digest = try await ledger.sequencer.check(body.request) } catch { throw RuleSetCalls.refusal(error) }
        guard ledger.reader.size > 0 else {
            throw ProblemReply(Problem(.unavailable, "the ledger has no entry yet", retryAfter: 5))
        }
        let files: [RuleFile]
        switch body.request.source {
        case .files(let given): files = given
        case .recorded(let digest): files = await ledger.sequencer.read { $0.ruleFiles(of: digest) } ?? []
        }
        ledger.shadow.replace(with: ShadowWatch(ledger.reader.log, files, digest: digest))
        var writer = CanonicalWriter(capacity: 128)
        writer.beginObject()
        writer.key("digest")
        writer.string(digest)
        writer.endObject()
        return .json(writer.bytes, status: 202)
    }

    /// `GET /v1/shadow`: what the shadow decided otherwise so far; 404 where none runs.
    func show(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        return .json(try Self.json(running()))
    }

    /// `DELETE /v1/shadow`: stops it, and answers with what it found.
    func stop(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let watch = try running()
        ledger.shadow.replace(with: nil)
        return .json(Self.json(watch))
    }

    private func running() throws(ProblemReply) -> ShadowWatch {
        guard let watch = ledger.shadow.watch else { throw .notFound("no shadow runs") }
        return watch
    }

    private static func json(_ watch: ShadowWatch) -> [UInt8] {
        let (findings, failure) = watch.state
        var writer = CanonicalWriter(capacity: 4096)
        (findings ?? ShadowFindings(digest: watch.digest)).write(to: &writer, failure: failure, size: watch.size)
        return writer.bytes
    }
}
