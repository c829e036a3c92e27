import AgentKit
import EngineTestSupport
import EventLog
import Glibc
import LMDB
import Testing

@testable import Engine

@Suite("the state of commits")
struct CommitStateTests {
    private static let problem = Problem(.unavailable, "the log cannot be written")
    private static let checkpoint = "checkpoint"

    private var state = CommitState(asideAt: 1000, flushesAt: 10)

    /// A request of events that passed the ingress, with `refused` more that did not.
    private func request(_ count: Int, refused: Int = 0) throws -> AppendRequest {
        let bench = try Bench(["order.yaml": CascadeTests.rules])
        let events = try (0..<count).map { _ in
            Result<PreparedEvent, Problem>.success(try bench.event("test.ping", #"{"n":1}"#))
        }
        return AppendRequest(events + Array(repeating: .failure(Problem(.malformed, "no event")), count: refused))
    }

    private func decided(
        _ outcomes: [AppendAnswer.Outcome], principal: String = "local"
    ) throws -> CommitState.Decided {
        var request = try request(outcomes.count)
        request.principal = principal
        return CommitState.Decided(request: request, outcomes: outcomes) { _ in }
    }

    private mutating func start(entries: Int = 1, bytes: Int = 10) -> CommitState.Start {
        state.start(entries: entries, bytes: bytes) { outcome in
            guard case .appended(let first, _) = outcome else { return outcome }
            return .recorded(sequence: UInt64(first), [[1]], isNew: true)
        }
    }

    private func failure(mustReopen: Bool) -> Result<String, EventLogError> {
        let error = LMDBError(EIO, "commit")
        return .failure(mustReopen ? .mustReopen(error) : .storage(error))
    }

    private func isRefused(_ outcomes: [AppendAnswer.Outcome]) -> [Bool] {
        outcomes.map { if case .refused = $0 { true } else { false } }
    }

    private var isGoingOn: Bool {
        mutating get {
            guard case .goOn(Self.checkpoint) = state.end(.success(Self.checkpoint)) else { return false }
            return true
        }
    }

    // MARK: Starting and ending

    @Test("without entries the requests are answered at once, and no commit is under way")
    mutating func nothingToCommit() throws {
        state.add(try decided([.dryRun([])]))
        #expect(state.hasWaitingAnswers)
        guard case .answer(let requests) = start(entries: 0, bytes: 0) else {
            Issue.record("a commit of nothing was started")
            return
        }
        #expect(requests.count == 1)
        #expect(!state.isCommitting && !state.hasWaitingAnswers)
    }

    @Test("few bytes are committed on the caller's thread, many aside", arguments: [(999, false), (1000, true)])
    mutating func aside(_ bytes: Int, _ isAside: Bool) throws {
        state.add(try decided([.appended(first: 0, count: 2)]))
        switch start(bytes: bytes) {
        case .commit(let requests): #expect(!isAside && requests.count == 1)
        case .commitAside(let requests): #expect(isAside && requests.count == 1)
        case .answer: Issue.record("no commit was started")
        }
        #expect(state.isCommitting)
        #expect(isGoingOn)
        #expect(!state.isCommitting && !state.hasWaitingAnswers)
    }

    @Test("requests decided while a commit is under way wait for the next one")
    mutating func nextCommit() throws {
        state.add(try decided([.appended(first: 0, count: 1)], principal: "a"))
        _ = start()
        state.add(try decided([.appended(first: 0, count: 1)], principal: "b"))
        #expect(state.hasWaitingAnswers)
        #expect(isGoingOn)
        guard case .commit(let requests) = start() else {
            Issue.record("no commit was started")
            return
        }
        #expect(requests.map(\.request.principal) == ["b"])
    }

    @Test("a commit in the middle of a request copies its outcomes so far, and answers it with a later one")
    mutating func openRequest() throws {
        state.open(try request(2))
        state.add(.appended(first: 7, count: 1))
        guard case .commit(let requests) = start() else {
            Issue.record("no commit was started")
            return
        }
        #expect(requests.isEmpty)
        #expect(isGoingOn)
        state.add(.appended(first: 0, count: 1))
        state.close { _ in }
        guard case .commit(let later) = start() else {
            Issue.record("no commit was started")
            return
        }
        let outcomes = try #require(later.first).outcomes
        guard case .recorded(7, [[1]], isNew: true) = outcomes[0], case .appended(first: 0, count: 1) = outcomes[1]
        else {
            Issue.record("the outcomes are \(outcomes)")
            return
        }
    }

    // MARK: Failing

    @Test("after a failure the log is opened again only where nobody knows the fate", arguments: [false, true])
    mutating func recovery(mustReopen: Bool) throws {
        state.add(try decided([.appended(first: 0, count: 1)]))
        _ = start(bytes: 42)
        guard case .recover(_, bytes: 42, reopensLog: mustReopen) = state.end(failure(mustReopen: mustReopen)) else {
            Issue.record("the commit went on")
            return
        }
        #expect(!state.isCommitting && state.hasWaitingAnswers)
    }

    @Test("a failure refuses the requests of the commit, then those decided since, in order")
    mutating func refusals() throws {
        state.add(try decided([.appended(first: 0, count: 1)], principal: "a"))
        _ = start()
        state.add(try decided([.refused(Problem(.conflict, "of an entry that is lost"))], principal: "b"))
        _ = state.end(failure(mustReopen: true))
        let refused = state.refuse(Self.problem, size: 0)
        #expect(refused.map(\.request.principal) == ["a", "b"])
        for request in refused {
            guard case .refused(Self.problem) = request.outcomes[0] else {
                Issue.record("the outcome is \(request.outcomes)")
                return
            }
        }
        #expect(!state.hasWaitingAnswers)
    }

    @Test("what the log holds in any case stands: a commit kept for all that, or entries before it", arguments: [0, 8])
    mutating func keptAndLost(_ size: Int) throws {
        state.open(try request(2, refused: 1))
        state.add(.recorded(sequence: 3, [], isNew: false))
        state.add(.appended(first: 7, count: 1))
        _ = start()
        _ = state.end(failure(mustReopen: true))
        #expect(state.refuse(Self.problem, size: UInt64(size)).isEmpty)
        state.add(.refused(Problem(.malformed, "no event")))
        state.close { _ in }
        guard case .answer(let requests) = start(entries: 0) else {
            Issue.record("a commit was started")
            return
        }
        let outcomes = try #require(requests.first).outcomes
        #expect(isRefused(outcomes) == (size == 0 ? [true, true, true] : [false, false, true]))
    }

    @Test("an event that did not pass the ingress keeps its own refusal")
    mutating func refusedAtIngress() throws {
        let own = Problem(.malformed, "no event")
        state.add(
            CommitState.Decided(request: try request(0, refused: 1), outcomes: [.refused(own)], reply: { _ in }))
        let refused = try #require(state.refuse(Self.problem, size: 0).first)
        guard case .refused(own) = refused.outcomes[0] else {
            Issue.record("the outcome is \(refused.outcomes)")
            return
        }
    }

    @Test("an atomic request lies in one commit, and is refused as a whole where that fails")
    mutating func atomic() throws {
        var request = try request(3)
        request.isAtomic = true
        let outcomes = (0..<3).map { AppendAnswer.Outcome.appended(first: $0, count: 1) }
        state.add(CommitState.Decided(request: request, outcomes: outcomes, reply: { _ in }))
        guard case .commit(let requests) = start(entries: 3) else {
            Issue.record("no commit was started")
            return
        }
        #expect(requests.count == 1 && requests[0].outcomes.count == 3)
        _ = state.end(failure(mustReopen: false))
        #expect(isRefused(try #require(state.refuse(Self.problem, size: 0).first).outcomes) == [true, true, true])
    }

    // MARK: Erasures

    @Test("an erasure waits for the commit under way, and is made ready for the next one")
    mutating func erasures() throws {
        guard case .nothing = state.erasure(of: []), case .prepare = state.erasure(of: ["U-ali"]) else {
            Issue.record("no commit is under way")
            return
        }
        _ = start()
        guard case .nothing = state.erasure(of: []), case .finishCommit = state.erasure(of: ["U-ali"]) else {
            Issue.record("the commit under way was not waited for")
            return
        }
        _ = state.end(failure(mustReopen: true))
        guard case .prepare = state.erasure(of: ["U-ali"]) else {
            Issue.record("the commit has ended")
            return
        }
    }

    // MARK: Views

    private func flush(changes: Int = 10, entries: Int = 0, isWriting: Bool = false, all: Bool = false) -> String {
        switch state.flush(changes: changes, entries: entries, isWriting: isWriting, all: all) {
        case .nothing: "nothing"
        case .write(let changes): "write \(changes.mark.position)"
        case .setAside: "set aside"
        }
    }

    @Test("changes are set aside where there are enough, every entry is durable and the writer is idle")
    mutating func setAside() throws {
        #expect(flush() == "set aside")
        #expect(flush(changes: 9) == "nothing")
        #expect(flush(changes: 9, all: true) == "set aside")
        #expect(flush(changes: 0, all: true) == "nothing")
        #expect(flush(entries: 1) == "nothing")
        #expect(flush(isWriting: true) == "nothing")
        _ = start()
        #expect(flush() == "nothing")
        #expect(state.wantsFlush(changes: 10, isWriting: false))
        #expect(!state.wantsFlush(changes: 9, isWriting: false) && !state.wantsFlush(changes: 10, isWriting: true))
    }

    @Test("changes that could not be written are written again until they are in the views")
    mutating func writtenAgain() throws {
        state.setAside(ViewChanges(tables: [], admitted: [:], mark: ViewMark(position: 5, head: "")))
        #expect(flush(isWriting: true) == "nothing")
        #expect(flush(changes: 0) == "write 5")
        #expect(!state.wantsFlush(changes: 10, isWriting: false))
        #expect(state.flushed()?.mark.position == 5)
        #expect(flush() == "set aside")
    }

    @Test("a commit that fails drops the changes set aside: they may hold more than the log")
    mutating func failureDropsChanges() throws {
        state.setAside(ViewChanges(tables: [], admitted: [:], mark: ViewMark(position: 5, head: "")))
        _ = start()
        _ = state.end(failure(mustReopen: true))
        #expect(flush(changes: 0) == "nothing")
    }
}
