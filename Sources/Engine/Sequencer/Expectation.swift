package import AgentKit

/// The entry that a client expects to be the last of its events' subjects before its request.
package enum ExpectedSequence: Sendable, Equatable {
    case any
    case none
    case sequence(EntrySequence)

    /// Reads what a client says: a sequence, `none` or `any`; nil for anything else.
    package init?(_ text: String) {
        switch text {
        case "any": self = .any
        case "none": self = .none
        default:
            guard case .sequence(let value) = Moment(text) else { return nil }
            self = .sequence(EntrySequence(value))
        }
    }
}

/// A request's expectation beside what its subjects were before it: its own events do not miss it for one another.
struct Expectation {
    private let expected: ExpectedSequence
    /// The last entry of each event's subject; empty where anything is expected.
    private let last: [EntrySequence?]

    init(of request: AppendRequest, in machine: Machine) {
        expected = request.expected
        last = request.expected == .any ? [] : request.events.map { machine.last(of: try? $0.get().subject) }
    }

    /// Refuses the event of that index where its subject has moved on; one without a subject has nothing to compare.
    func check(_ event: PreparedEvent, at index: Int) throws(Problem) {
        guard expected != .any, let subject = event.subject else { return }
        let last = last[index]
        guard expected != last.map(ExpectedSequence.sequence) ?? .none else { return }
        throw Problem(
            .unexpectedSequence,
            last.map { "the last entry of `\(subject)` is \($0.value)" } ?? "`\(subject)` has no entry",
            pointer: "/subject", sequence: last?.value)
    }
}

extension Machine {
    /// The newest entry of a subject, committed or not.
    fileprivate func last(of subject: String?) -> EntrySequence? { subject.flatMap { state.subjects[$0]?.last } }
}
