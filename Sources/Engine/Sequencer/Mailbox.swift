import Dispatch
import Synchronization

/// What other threads hand to the sequencer. It wakes the sequencer only where that may be asleep.
final class Mailbox: Sendable {
    enum Letter: Sendable {
        case append(AppendRequest, arrived: Int64, reply: @Sendable (AppendAnswer) -> Void)
        case read(@Sendable (Machine) -> Void)
        /// A change of the rule sets, made between two requests.
        case ruleSets(@Sendable (Worker) -> Void)
        case acceptClock(reply: @Sendable (ClockAcceptance) -> Void)
        /// A commit ended.
        case committed
        /// What is under way has to end soon.
        case hurry
        case stop
    }

    private struct State {
        var letters: [Letter] = []
        var isAsleep = false
    }

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    func post(_ letter: Letter) {
        let wakes = state.withLock { state in
            state.letters.append(letter)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if wakes { bell.signal() }
    }

    /// Everything posted since the last call; waits until something is, or for the given time.
    func take(waiting milliseconds: Int?) -> [Letter] {
        let ready: [Letter]? = state.withLock { state in
            if state.letters.isEmpty, milliseconds != 0 {
                state.isAsleep = true
                return nil
            }
            return exchange(&state)
        }
        if let ready { return ready }
        if let milliseconds {
            _ = bell.wait(timeout: .now() + .milliseconds(milliseconds))
        } else {
            bell.wait()
        }
        return state.withLock { state in
            state.isAsleep = false
            return exchange(&state)
        }
    }

    private func exchange(_ state: inout State) -> [Letter] {
        let letters = state.letters
        state.letters = []
        state.letters.reserveCapacity(letters.count)
        return letters
    }
}
