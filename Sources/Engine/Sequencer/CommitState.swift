import EventLog

/// State of a ledger's commits: which requests wait for which commit, and what of the views is not written yet.
///
/// A request is open while its events are decided one by one, then decided, and answered once the commit that holds its
/// entries is durable:
///
///     open ──close──▶ decided ──start──▶ committing ──end──▶ answered
///                        └────────── refuse ─────────┘
///
/// - One commit at most is under way. The next requests are decided meanwhile, upon entries that may not be durable.
/// - A commit may start while a request is open. Its outcomes so far are then copied, since their entries leave the
///   chain, and it goes on.
/// - A request that is atomic, or a dry run, is never open: it is decided at once, and lies in one commit.
/// - A commit that fails takes with it whatever was decided since: all requests are refused but for outcomes that do not
///   depend on the entries lost. Nobody knows of a failed commit whether it is in the log for all that; the state is the
///   same whether it was kept or lost, and the log, once opened again, tells.
/// - The keys of persons are destroyed after the commit that erases them. What that needs can be made ready for one
///   commit at a time: an erasure waits until the one under way has ended.
/// - Views never hold more than the log: changes are set aside for them only while every entry is durable.
///
/// It performs nothing: each call tells what happened, and returns what is to be done.
struct CommitState {
    /// A request whose events are all decided.
    struct Decided: Sendable {
        let request: AppendRequest
        var outcomes: [AppendAnswer.Outcome]
        let reply: @Sendable (AppendAnswer) -> Void
    }

    private struct Open {
        let request: AppendRequest
        var outcomes: [AppendAnswer.Outcome] = []
    }

    private struct UnderWay {
        let requests: [Decided]
        /// The bytes of its entries.
        let bytes: Int
    }

    /// The bytes of entries from which a commit is made on a second thread.
    private let asideAt: Int
    /// The number of changed rows at which views are written.
    let flushesAt: Int
    private var open: Open?
    private var decided: [Decided] = []
    private var underWay: UnderWay?
    /// Changes set aside and not yet known to be in the views.
    private var setAside: ViewChanges?

    init(asideAt: Int, flushesAt: Int) {
        self.asideAt = asideAt
        self.flushesAt = flushesAt
    }

    /// Indicates that a commit was started and has not ended.
    var isCommitting: Bool { underWay != nil }

    /// Indicates that answers wait for a commit that was not started.
    var hasWaitingAnswers: Bool { !decided.isEmpty }

    // MARK: Requests

    /// Begins a request whose events are decided one by one.
    mutating func open(_ request: AppendRequest) {
        precondition(open == nil, "a request is open already")
        open = Open(request: request)
        open?.outcomes.reserveCapacity(request.events.count)
    }

    /// Adds the outcome of the open request's next event.
    mutating func add(_ outcome: AppendAnswer.Outcome) { open?.outcomes.append(outcome) }

    /// Ends the open request: it waits for the next commit.
    mutating func close(_ reply: @escaping @Sendable (AppendAnswer) -> Void) {
        guard let open = open.take() else { preconditionFailure("no request is open") }
        decided.append(Decided(request: open.request, outcomes: open.outcomes, reply: reply))
    }

    /// Adds a request that was decided as a whole.
    mutating func add(_ request: Decided) { decided.append(request) }

    // MARK: Commits

    /// The beginning of a commit.
    enum Start {
        /// There is nothing to commit: answer these.
        case answer([Decided])
        /// Make the entries durable on the caller's thread, then answer these.
        case commit([Decided])
        /// The same on the committer's thread.
        case commitAside([Decided])
    }

    /// Starts a commit of the entries in the chain, while none is under way.
    /// - Parameters:
    ///   - entries: the number of entries in the chain.
    ///   - bytes: their bytes.
    ///   - copied: turns an outcome of the open request into one that holds its entries itself.
    mutating func start(
        entries: Int, bytes: Int, copied: (AppendAnswer.Outcome) -> AppendAnswer.Outcome
    ) -> Start {
        precondition(underWay == nil, "a commit is under way")
        let requests = decided
        decided = []
        decided.reserveCapacity(requests.count)
        guard entries > 0 else { return .answer(requests) }
        if let outcomes = open?.outcomes { open?.outcomes = outcomes.map(copied) }
        underWay = UnderWay(requests: requests, bytes: bytes)
        return bytes < asideAt ? .commit(requests) : .commitAside(requests)
    }

    /// The end of a commit.
    enum End {
        /// Its entries are in the log: go on behind them. Carries the checkpoint.
        case goOn(String)
        /// Go back to what the log holds, and refuse the requests then. `bytes` were to be written.
        case recover(EventLogError, bytes: Int, reopensLog: Bool)
    }

    /// Ends the commit under way. After a failure the requests wait until `refuse` is called.
    mutating func end(_ result: Result<String, EventLogError>) -> End {
        guard let ended = underWay.take() else { preconditionFailure("no commit is under way") }
        switch result {
        case .success(let checkpoint): return .goOn(checkpoint)
        case .failure(let error):
            decided = ended.requests + decided
            // They may hold more than the log.
            setAside = nil
            let reopensLog = if case .mustReopen = error { true } else { false }
            return .recover(error, bytes: ended.bytes, reopensLog: reopensLog)
        }
    }

    /// Takes back every outcome that was decided upon entries that may not be there.
    /// - Parameter size: the number of entries in the log.
    /// - Returns: the requests to answer, with their outcomes now.
    mutating func refuse(_ problem: Problem, size: UInt64) -> [Decided] {
        if let request = open?.request, let outcomes = open?.outcomes {
            open?.outcomes = Self.undone(outcomes, of: request, problem, size)
        }
        let refused = decided.map { decided in
            var refused = decided
            refused.outcomes = Self.undone(decided.outcomes, of: decided.request, problem, size)
            return refused
        }
        decided.removeAll(keepingCapacity: true)
        return refused
    }

    /// The outcomes of events after a failed commit. One that the log held before stands, and so does one that did not
    /// pass the ingress; all others, refusals too, were decided upon entries that may not be there.
    private static func undone(
        _ outcomes: [AppendAnswer.Outcome], of request: AppendRequest, _ problem: Problem, _ size: UInt64
    ) -> [AppendAnswer.Outcome] {
        zip(outcomes, request.events).map { outcome, event in
            switch (event, outcome) {
            case (.failure, _): outcome
            case (_, .recorded(let sequence, _, _)) where sequence < size: outcome
            default: .refused(problem)
            }
        }
    }

    // MARK: Erasures

    /// The step that an erasure needs before it may be kept.
    enum Erasure {
        case nothing
        /// Make ready what destroying the keys needs.
        case prepare
        /// Finish the commit under way, and decide again: what it erases must be gone before more is made ready.
        case finishCommit
    }

    /// Asks for an erasure of persons that was just decided.
    func erasure(of persons: [String]) -> Erasure {
        if persons.isEmpty { return .nothing }
        return isCommitting ? .finishCommit : .prepare
    }

    // MARK: Views

    /// The next step of writing views.
    enum Flush {
        case nothing
        /// Write these again: the last try failed.
        case write(ViewChanges)
        /// Set the changes aside and write them.
        case setAside
    }

    /// Asks for changes to be written to the views.
    /// - Parameters:
    ///   - changes: the number of rows changed since the last time.
    ///   - entries: the number of entries in the chain.
    ///   - isWriting: whether the view writer is busy.
    ///   - all: whether few changes are written too.
    func flush(changes: Int, entries: Int, isWriting: Bool, all: Bool = false) -> Flush {
        if isWriting { return .nothing }
        if let setAside { return .write(setAside) }
        guard changes > 0, all || changes >= flushesAt, !isCommitting, entries == 0 else { return .nothing }
        return .setAside
    }

    /// Indicates that enough changed for the views to be written once every entry is durable.
    func wantsFlush(changes: Int, isWriting: Bool) -> Bool {
        setAside == nil && !isWriting && changes >= flushesAt
    }

    /// Notes the changes that were set aside.
    mutating func setAside(_ changes: ViewChanges) { setAside = changes }

    /// The changes set aside are in the views.
    mutating func flushed() -> ViewChanges? { setAside.take() }
}
