import EventLog
import LMDB
import Synchronization

/// That something cannot be written: said once on stderr when it begins, with its cause, and once when it is over.
package final class WriteTrouble: Sendable {
    /// How often it is tried whether there is room again.
    static let tryMilliseconds: Int64 = 1000
    /// The room that is waited for: twice the commit that failed, within these bytes.
    private static let roomBytes = (256 << 10)...(1 << 20)
    private static let retrySeconds = 5

    /// The first failures are tried again at once, for a disk may fail once; then it is waited.
    private static let failuresAtOnceMax = 3

    private struct State {
        /// The reason, in words that a client may read; nil while all is well.
        var reason: String?
        /// Whether its beginning was said and its end was not yet.
        var isSaid = false
        /// Whether it is room that is missing, which can be looked for.
        var lacksRoom = false
        /// Writes that failed since the last one that did not.
        var failures = 0
        var roomBytes = 0
        /// When room was last looked for; nil where that is to be done at once.
        var triedAt: Int64?
    }

    private let what: String
    private let state = Mutex(State())

    /// - Parameter what: what cannot be written: `the log`.
    init(_ what: String) { self.what = what }

    /// Why it cannot be written; nil where it can.
    package var reason: String? { state.withLock { $0.reason } }

    /// How long to wait before the next try, in milliseconds; nil while all is well.
    var patience: Int? {
        state.withLock { state in
            guard state.reason != nil else { return nil }
            guard let triedAt = state.triedAt else { return 0 }
            return Int(max(1, triedAt + Self.tryMilliseconds - SystemTime.monotonicMilliseconds))
        }
    }

    /// What those are told who wait for the write.
    var problem: Problem {
        Problem(
            .unavailable, "\(reason ?? "\(what) cannot be written"); send the events again",
            retryAfter: Self.retrySeconds)
    }

    /// A write failed.
    func begin(_ error: EventLogError, bytes: Int) {
        let (words, lacksRoom) = Self.cause(of: error)
        let isNew = state.withLock { state in
            defer { state.isSaid = true }
            state.reason = "\(what) cannot be written: \(words)"
            state.lacksRoom = lacksRoom
            state.failures += 1
            state.roomBytes = min(max(2 * bytes, Self.roomBytes.lowerBound), Self.roomBytes.upperBound)
            state.triedAt = state.failures < Self.failuresAtOnceMax ? nil : SystemTime.monotonicMilliseconds
            return !state.isSaid
        }
        guard isNew else { return }
        Notice.say("\(what) cannot be written: \(words) (\(error)); going on as soon as it can be")
    }

    /// A write succeeded.
    func end() {
        let failures: Int? = state.withLock { state in
            guard state.failures > 0 else { return nil }
            defer { state = State() }
            return state.isSaid ? state.failures : nil
        }
        if let failures { say(failures) }
    }

    /// There is room again: writes may be tried. Where it was not room that was missing, only they will tell.
    func foundRoom() {
        let failures: Int? = state.withLock { state in
            state.reason = nil
            guard state.lacksRoom, state.isSaid else { return nil }
            state.isSaid = false
            return state.failures
        }
        if let failures { say(failures) }
    }

    private func say(_ failures: Int) {
        Notice.say("\(what) can be written again; \(failures) \(failures == 1 ? "write" : "writes") failed")
    }

    /// Where it is time to try again, the bytes of room to look for.
    func roomToTry() -> Int? {
        state.withLock { state in
            let now = SystemTime.monotonicMilliseconds
            guard state.reason != nil else { return nil }
            if let triedAt = state.triedAt, now - triedAt < Self.tryMilliseconds { return nil }
            state.triedAt = now
            return state.roomBytes
        }
    }

    /// What is wrong, in words that a client may read, and whether it is room that is missing.
    private static func cause(of error: EventLogError) -> (words: String, lacksRoom: Bool) {
        switch error {
        case .storage(let error), .mustReopen(let error):
            switch error.code {
            case .noSpace: ("the disk is full", true)
            case .mapFull: ("its map is full, a larger `--map-size` is needed", true)
            default: ("the disk fails", false)
            }
        default: ("the disk fails", false)
        }
    }
}
