import AgentKit
import Engine
import EventLog
import Synchronization

/// A system's clock that a test sets by hand, and the time since boot that goes on by itself.
final class HandClock: Sendable {
    private let state: Mutex<(now: Int64, boot: Int64)>

    init(_ text: String) {
        state = Mutex((Instant(rfc3339: text)!.milliseconds, 1_000_000))
    }

    var clock: SystemClock {
        SystemClock(
            now: { Instant(milliseconds: self.state.withLock { $0.now }) },
            sinceBoot: { self.state.withLock { $0.boot } })
    }

    /// Lets time pass on both.
    func pass(seconds: Int64) {
        state.withLock { state in
            state.now += seconds * 1000
            state.boot += seconds * 1000
        }
    }

    /// Sets the clock ahead, or back.
    func set(by seconds: Int64) { state.withLock { $0.now += seconds * 1000 } }
}

extension OpenLedger {
    /// Opens a ledger whose system's clock is set by hand.
    init(_ directory: DataDirectory, _ clock: HandClock, jumpMax: Int64? = ClockWatch.jumpMaxDefault) throws {
        self.directory = directory
        let signer = try KeyFile(path: directory.signingKey).signer()
        let open = { try EventLog.openWriter(directory: directory.log, signer: signer, mapSize: 1 << 30) }
        let ledger = try Ledger(directory, log: open(), mapSize: 1 << 30, reopen: { try open() })
        sequencer = Sequencer(ledger, clock: clock.clock, clockJumpMax: jumpMax)
    }
}
