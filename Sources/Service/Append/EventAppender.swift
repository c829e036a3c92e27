import Engine
import HTTPTypes
import JSON
import Rules

/// Carries a request's events to the sequencer and back: they are checked and encoded on the caller's thread, decided
/// and made durable on the sequencer's, and answered on the caller's again.
struct EventAppender: Sendable {
    let sequencer: Sequencer
    let keys: PersonKeys
    let signal: CommitSignal
    /// The newest signed checkpoint of the log.
    let checkpoint: @Sendable () -> String?

    private static let eventsPerTurn = 256

    /// Appends a request's events, and returns once they are durable or refused.
    /// - Parameter mayMoveClock: true if the events may move the events' clock.
    func append(
        _ body: EventBody, _ options: AppendOptions, by access: Access, mayMoveClock: Bool
    ) async -> AppendReply {
        let prepared = await prepare(body, by: access, mayMoveClock: mayMoveClock)
        // A person's key is on the disk before an entry that needs it: a crash in between leaves an unused key.
        do { try await keys.makeDurable() } catch {
            let problem = Problem(.unavailable, "the keys of persons cannot be written now", retryAfter: 5)
            return AppendReply(body, options, prepared, .refused(problem, count: prepared.count), nil)
        }
        var request = AppendRequest(prepared)
        request.isAtomic = options.isAtomic
        request.isDryRun = options.isDryRun
        request.expected = options.expected
        request.principal = access.principal
        request.mayMoveClock = mayMoveClock
        let answer = await sequencer.append(request)
        if answer.checkpoint != nil { signal.noteCommit() }
        return AppendReply(body, options, prepared, .given(answer), checkpoint())
    }

    private func prepare(
        _ body: EventBody, by access: Access, mayMoveClock: Bool
    ) async -> [Result<PreparedEvent, Problem>] {
        var ingress = sequencer.ingress
        var access = access
        // Events of one type mostly follow each other.
        var allowed: AnyObject?
        var hints = SpellingHints()
        var events: [Result<PreparedEvent, Problem>] = []
        events.reserveCapacity(body.events.count)
        for view in body.events {
            // A large batch takes turns with the requests of others.
            if events.count % Self.eventsPerTurn == Self.eventsPerTurn - 1 { await Task.yield() }
            if mayMoveClock, ingress.follow(view) {
                access = access.under(ingress)
                allowed = nil
            }
            do throws(Problem) {
                let event = try ingress.prepare(view, authority: access.principal, hints: &hints)
                if allowed !== event.type {
                    try access.requireAppend(event.type)
                    allowed = event.type
                }
                events.append(.success(event))
            } catch {
                events.append(.failure(error))
            }
        }
        return events
    }
}

/// Options of an append, from the request's query and headers.
struct AppendOptions: Sendable {
    var isAtomic = false
    var isDryRun = false
    var expected = ExpectedSequence.any

    init(isAtomic: Bool = false, isDryRun: Bool = false) {
        self.isAtomic = isAtomic
        self.isDryRun = isDryRun
    }

    init(_ call: Call) throws(ProblemReply) {
        try call.query.allow("atomic", "dryRun")
        isAtomic = try call.query.flag("atomic")
        isDryRun = try call.query.flag("dryRun")
        guard let text = call.fields[.docketExpectedSequence] else { return }
        guard let expected = ExpectedSequence(text) else {
            throw .malformed("`Docket-Expected-Sequence` is a sequence, `none` or `any`, not `\(text)`")
        }
        self.expected = expected
    }
}
