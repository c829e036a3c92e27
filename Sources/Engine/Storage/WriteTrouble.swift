import EventLog
import Glibc
import LMDB
import Synchronization

/// A state in which something cannot be written: reported on stderr once with its cause, and once when it is over.
package final class WriteTrouble: Sendable {
    /// Interval at which free space is looked for.
    static let tryMilliseconds: Int64 = 1000
    /// The room that is waited for: twice the commit that failed, within these bytes.
    private static let roomBytes = (256 << 10)...(1 << 20)
    private static let retrySeconds = 5

    /// The first failures are tried again at once, for a disk may fail once; then it is waited.
    private static let failuresAtOnceMax = 3

    private struct State {
        /// The reason, in words that a client may read; nil while all is well.
        var reason: String?
        /// Indicates that its beginning was reported and its end was not yet.
        var isSaid = false
        /// Indicates that space is missing, which can be looked for.
        var lacksRoom = false
        /// Writes that failed since the last one that did not.
        var failures = 0
        var roomBytes = 0
        /// Time at which space was last looked for; nil if that is to be done at once.
        var triedAt: Int64?
    }

    private let what: String
    private let state = Mutex(State())

    /// - Parameter what: what cannot be written: `the log`.
    init(_ what: String) { self.what = what }

    /// Why it cannot be written; nil where it can.
    package var reason: String? { state.withLock { $0.reason } }

    /// Time to wait before the next try, in milliseconds; nil while all is well.
    var patience: Int? {
        state.withLock { state in
            guard state.reason != nil else { return nil }
            guard let triedAt = state.triedAt else { return 0 }
            return Int(max(1, triedAt + Self.tryMilliseconds - SystemTime.monotonicMilliseconds))
        }
    }

    /// The problem that waiting clients are told.
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

    /// The bytes of free space to look for, once it is time to try again.
    func roomToTry() -> Int? {
        state.withLock { state in
            let now = SystemTime.monotonicMilliseconds
            guard state.reason != nil else { return nil }
            if let triedAt = state.triedAt, now - triedAt < Self.tryMilliseconds { return nil }
            state.triedAt = now
            return state.roomBytes
        }
    }

    /// The cause in words that a client may read, with a flag for missing space.
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

/// Messages on stderr for whoever runs the process.
package enum Notice {
    /// The exit status of a process that cannot go on.
    private static let couldNotRun: Int32 = 2

    /// Writes one line.
    package static func say(_ text: String) {
        _ = writeAll(Array("docket: \(text)\n".utf8), to: 2)
    }

    /// Writes one line and ends the process, whatever its other threads do.
    static func end(_ text: String) -> Never {
        say(text)
        _exit(couldNotRun)
    }
}
