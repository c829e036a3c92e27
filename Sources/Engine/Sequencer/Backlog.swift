import AgentKit

/// Requests that wait for the sequencer. On the system clock a request of a higher class overtakes those of other
/// principals, one that has waited a second goes first, and each principal's requests keep their order; on the events'
/// clock requests go in order of arrival.
struct Backlog {
    /// How long a request of a lower class may be overtaken.
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
