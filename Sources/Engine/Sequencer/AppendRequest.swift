import AgentKit
import Rules

/// Events of one client that are decided on in order.
package struct AppendRequest: Sendable {
    /// What passed the door, or why it did not, in the client's order.
    package let events: [Result<PreparedEvent, Problem>]
    /// Whether a refusal of one refuses all.
    package var isAtomic = false
    /// Whether it is decided and answered, but not kept.
    package var isDryRun = false
    package var expected = ExpectedSequence.any
    /// Whose requests keep their order among themselves.
    package var principal = "local"
    /// Whether the events' `time` may move the events' clock.
    package var mayMoveClock = true

    package init(_ events: [Result<PreparedEvent, Problem>]) { self.events = events }

    /// The class of the highest of its triggers' owners.
    var agentClass: AgentClass {
        var highest = AgentClass.analytics
        for case .success(let event) in events {
            guard let owner = event.type.ownerClass else { return .complaint }
            highest = min(highest, owner)
        }
        return highest
    }
}
