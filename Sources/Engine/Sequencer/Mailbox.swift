import AgentKit
import Dispatch
import Synchronization

/// Commands from other threads to the sequencer, which it wakes only where that may be asleep.
final class Mailbox: Sendable {
    enum Command: Sendable {
        case append(AppendRequest, arrived: Int64, reply: @Sendable (AppendAnswer) -> Void)
        case read(@Sendable (Machine) -> Void)
        /// A change of the rule sets, made between two requests.
        case ruleSets(@Sendable (Worker) -> Void)
        case acceptClock(reply: @Sendable (ClockAcceptance) -> Void)
        /// A commit ended.
        case committed
        /// Sets a deadline for the work under way.
        case hurry
        case stop
    }

    private struct State {
        var commands: [Command] = []
        var isAsleep = false
    }

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    func post(_ command: Command) {
        let wakes = state.withLock { state in
            state.commands.append(command)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if wakes { bell.signal() }
    }

    /// Everything posted since the last call; waits until something is, or for the given time.
    func take(waiting milliseconds: Int?) -> [Command] {
        let ready: [Command]? = state.withLock { state in
            if state.commands.isEmpty, milliseconds != 0 {
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

    private func exchange(_ state: inout State) -> [Command] {
        let commands = state.commands
        state.commands = []
        state.commands.reserveCapacity(commands.count)
        return commands
    }
}

/// Requests that wait for the sequencer. On the system clock a request of a higher class overtakes those of other
/// principals, one that has waited a second goes first, and each principal's requests keep their order; on the events'
/// clock requests go in order of arrival.
struct Backlog {
    /// Time for which a request of a lower class may be overtaken.
    static let overtakenMillisecondsMax: Int64 = 1000

    struct Item {
        let request: AppendRequest
        let arrived: Int64
        let reply: @Sendable (AppendAnswer) -> Void
    }

    private var items: [Item] = []
    private var head = 0
    private let keepsArrivalOrder: Bool
    private var principals: Set<String> = []
    /// Events in waiting requests.
    private(set) var eventCount = 0

    init(clock: LedgerSettings.Clock) { keepsArrivalOrder = clock == .events }

    var isEmpty: Bool { head == items.count }

    mutating func add(_ item: Item) {
        items.append(item)
        eventCount += item.request.events.count
        if !keepsArrivalOrder { principals.insert(item.request.principal) }
    }

    /// The request whose turn it is.
    mutating func next(at now: Int64) -> Item? {
        guard !isEmpty else { return nil }
        let index = keepsArrivalOrder || principals.count == 1 ? head : turn(at: now)
        let item = items[index]
        if index == head { head += 1 } else { items.remove(at: index) }
        eventCount -= item.request.events.count
        if isEmpty {
            items.removeAll(keepingCapacity: true)
            head = 0
            principals.removeAll(keepingCapacity: true)
        } else if head > 1024, head > items.count / 2 {
            items.removeSubrange(..<head)
            head = 0
        }
        return item
    }

    private func turn(at now: Int64) -> Int {
        if now - items[head].arrived >= Self.overtakenMillisecondsMax { return head }
        var seen: Set<String> = []
        var best = head
        var bestClass: AgentClass?
        for index in head..<items.count where seen.insert(items[index].request.principal).inserted {
            let agentClass = items[index].request.agentClass
            if bestClass.map({ agentClass < $0 }) ?? true {
                best = index
                bestClass = agentClass
            }
            if seen.count == principals.count { break }
        }
        return best
    }
}
