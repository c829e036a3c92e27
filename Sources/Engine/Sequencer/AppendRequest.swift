package import AgentKit
package import EventLog
import Rules

/// Events of one client that are decided on in order.
package struct AppendRequest: Sendable {
    /// The prepared events, or the problem of each that was refused, in the client's order.
    package let events: [Result<PreparedEvent, Problem>]
    /// Indicates that a refusal of one refuses all.
    package var isAtomic = false
    /// Indicates that it is decided and answered, but not kept.
    package var isDryRun = false
    package var expected = ExpectedSequence.any
    /// Whose requests keep their order among themselves.
    package var principal = "local"
    /// Indicates that the events' `time` may move the events' clock.
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

/// Answer to a request, given once it is durable.
package struct AppendAnswer: Sendable {
    package enum Outcome: Sendable {
        /// The event and what was decided: entries of `chain` from `first` on.
        case appended(first: Int, count: Int)
        /// As it would be: the bytes of the event's entry and of its decisions.
        case dryRun([[UInt8]])
        /// The bytes of the event's entry and of its decisions; not new where the log held it already.
        case recorded(sequence: UInt64, [[UInt8]], isNew: Bool)
        case refused(Problem)
    }

    /// In the order of the request's events.
    package let outcomes: [Outcome]
    /// The entries of the commit.
    package let chain: EntryChain
    /// The signed note that covers the commit; nil where nothing was appended.
    package let checkpoint: String?

    /// Indicates that any event was refused.
    package var hasRefusals: Bool { outcomes.contains(where: \.isRefused) }
}

extension AppendAnswer.Outcome {
    var isRefused: Bool { if case .refused = self { true } else { false } }

    /// The persons whose erasure it says is done.
    /// - Parameter chain: the entries of the commit.
    fileprivate func erased(in chain: EntryChain) -> [String] {
        switch self {
        case .appended(let first, let count):
            (first..<first + count).compactMap { index in
                unsafe chain.withEntry(index) { unsafe PersonErasure.person(in: $0) }
            }
        case .recorded(_, let entries, _):
            entries.compactMap { entry in unsafe entry.withUnsafeBytes { unsafe PersonErasure.person(in: $0) } }
        case .dryRun, .refused: []
        }
    }
}

extension [AppendAnswer.Outcome] {
    /// The same, but that no erasure is said to be completed of a person whose key is not destroyed yet.
    func withoutClaims(of unfinished: [String], in chain: EntryChain) -> [AppendAnswer.Outcome] {
        if unfinished.isEmpty { return self }
        return map { outcome in
            let isClaimed = outcome.erased(in: chain).contains { person in
                unfinished.contains { $0.utf8.elementsEqual(person.utf8) }
            }
            return isClaimed ? .refused(PersonErasure.unfinished) : outcome
        }
    }
}

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
            guard let sequence = EntrySequence(decimal: text) else { return nil }
            self = .sequence(sequence)
        }
    }
}

extension EntrySequence {
    /// Reads a sequence as people write it: 1 to 16 digits without leading zeros; nil for anything else.
    package init?(decimal text: String) {
        guard let first = text.utf8.first, text.utf8.count <= 16, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            first != 0x30 || text.utf8.count == 1, let value = UInt64(text)
        else { return nil }
        self.init(value)
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
    fileprivate func last(of subject: String?) -> EntrySequence? { subject.flatMap { state.engine.subjects[$0]?.last } }
}
