package import AgentKit
import EventLog
import JSON
package import Rules

/// Result of an event that passed the ingress.
package enum Admission: Sendable, Equatable {
    case appended(Cascade)
    /// The log holds it already, at this sequence.
    case exists(EntrySequence)
}

extension Machine {
    /// An event may move the events' clock by 10 years at most.
    package static let clockLeapMillisecondsMax: Int64 = 3_653 * 86_400_000

    /// The entry of the same (source, id), where the log holds one.
    /// - Throws: `conflict` where its content differs.
    package func existing(_ event: PreparedEvent) throws(Problem) -> EntrySequence? {
        var hash = event.idHash
        while let sequence = state.admitted.sequence(of: hash) {
            let place = EntrySequence(sequence)
            if let entry = recorded(place), isSame(entry, event) {
                guard event.hasContent(of: entry) else {
                    throw Problem(
                        .conflict, "`\(event.id)` of `\(event.source)` is entry \(sequence), with other content",
                        pointer: "/id", sequence: sequence)
                }
                return place
            }
            hash &+= 1
        }
        return nil
    }

    private func isSame(_ entry: Document, _ event: PreparedEvent) -> Bool {
        (entry.root["id"]?.equals(event.id) ?? false) && (entry.root["source"]?.equals(event.source) ?? false)
    }

    /// The ledger time at which an event is recorded: that of the clock, or the event's own where it may move it.
    /// - Parameter now: the system's time; used by a ledger on the system clock alone.
    /// - Throws: `clock` where the first event carries no time, or one leaps more than 10 years ahead.
    package func time(of event: PreparedEvent, now: Instant, mayMoveClock: Bool) throws(Problem) -> Instant {
        switch settings.clock {
        case .system: return max(clock, now)
        case .events:
            guard let time = event.time else {
                guard !isEmpty else {
                    throw Problem(.clock, "the first event on the events' clock must carry `time`", pointer: "/time")
                }
                return clock
            }
            guard !isEmpty else { return time }
            guard time > clock, mayMoveClock else { return clock }
            guard time.milliseconds - clock.milliseconds <= Self.clockLeapMillisecondsMax else {
                throw Problem(
                    .clock, "`time` is more than 10 years after the ledger's clock, which is at \(clock.text)",
                    pointer: "/time")
            }
            return time
        }
    }

    /// Refuses what only the ledger's state tells to be wrong.
    /// - Parameter time: when the event would be recorded; the clock where nothing is said.
    /// - Throws: the refusal of the ingress, `erased` for the data of a person whose key is gone, `unknownType` or
    ///   `invalidEvent` under the rule set in force then.
    package func check(_ event: PreparedEvent, at time: Instant? = nil) throws(Problem) {
        if let refusal = event.refusal { throw refusal }
        // The ingress sealed it while the person's key was still there; the erasure was decided since.
        if let sealed = event.sealed, isErased(sealed.person) {
            throw Problem(
                .erased, "the data of `\(sealed.person)` was erased; nothing new is taken",
                pointer: "/data/" + sealed.member)
        }
        if let ruleSet = ruleSet(at: time ?? clock), event.ruleSet != ruleSet.digest {
            try recheck(event, under: ruleSet)
        }
        if event.type.name == "deadletter.retried" {
            guard let letter = event.dataText("sequence"), state.engine.deadLetters.contains(letter) else {
                throw Problem(.invalidEvent, "there is no such dead letter", pointer: "/data/sequence")
            }
        }
    }

    /// Checks again an event that passed the ingress under a rule set that is not in force when it is recorded.
    private func recheck(_ event: PreparedEvent, under ruleSet: RuleSet) throws(Problem) {
        guard let type = ruleSet.eventType(named: event.type.name), type.kind.isFromOutside else {
            throw Problem(.unknownType, "unknown event type `\(event.type.name)`", pointer: "/type")
        }
        let data = event.content.data.flatMap { try? Document(adopting: Array(event.bytes[$0])) } ?? .emptyObject
        if let violation = type.violationsAsRecorded(data.root).first {
            throw Problem(.invalidEvent, violation.message, pointer: "/data" + violation.pointer)
        }
        if type.minimised(data.root) != nil {
            throw Problem(.unavailable, "the rules have changed meanwhile; send it again", retryAfter: 1)
        }
        if let currency = data.root["currency"]?.string, ruleSet.currencies.exponent(of: currency) == nil {
            throw Problem(.invalidEvent, "unknown currency `\(Shown.text(currency))`", pointer: "/data/currency")
        }
        let authority = (try? Document(adopting: event.bytes))?.root["authid"]?.string ?? ""
        guard mayAppend(authority, type, under: ruleSet) else {
            throw Problem(.forbidden, "`\(authority)` may not append `\(type.name)`", pointer: "/type")
        }
        if type.name == AdminOverride.type { try CarriedDecisions.check(data.root["emit"], under: ruleSet) }
    }

    /// Returns true if a rule set's policy lets a principal append events of a type.
    func mayAppend(_ principal: String, _ type: EventType, under ruleSet: RuleSet) -> Bool {
        ruleSet.policy.mayAppend(type: type.name, roles: roles(of: principal, under: ruleSet)).isAllowed
    }

    /// Returns true if a principal's events move the events' clock, under the rule set in force.
    func mayMoveClock(_ principal: String) -> Bool {
        guard let ruleSet else { return false }
        return ruleSet.policy.mayMoveClock(roles: roles(of: principal, under: ruleSet))
    }

    /// The name of the call that puts rule sets in force, schedules them and takes schedules back.
    package static let activationCall = "rulesets.activate"

    /// Returns true if the policy in force at a time, which is not before the clock, lets a principal change the rules.
    package func mayActivate(_ principal: String, at time: Instant) -> Bool {
        guard let ruleSet = ruleSet(at: time) else { return false }
        return ruleSet.policy.mayCall(Self.activationCall, roles: roles(of: principal, under: ruleSet)).isAllowed
    }

    /// Refuses a change of the rules by a principal who may not make it when it is recorded, whatever held when it was
    /// asked for.
    /// - Throws: `forbidden`.
    func requireActivation(by principal: String, at time: Instant) throws(Problem) {
        guard !mayActivate(principal, at: time) else { return }
        throw Problem(.forbidden, "`\(principal)` may not call `\(Self.activationCall)`")
    }

    private func roles(of principal: String, under ruleSet: RuleSet) -> [String] {
        let named = ruleSet.policy.roles(of: principal)
        return named.isEmpty ? registeredRoles(of: principal) : named
    }

    /// Appends an event at `time` with everything that follows from it. What is due by then must have fired.
    package func append(_ event: PreparedEvent, at time: Instant) -> Cascade {
        state.adoptDue(by: time)
        let start = mark()
        let sequence = next
        var bytes = event.bytes
        event.holes.fill(&bytes, sequence: sequence, time: time, after: chain)
        writer.append(bytes, type: current(event.type), time: time)
        state.admit(hash: event.idHash, sequence)
        state.note(sequence, of: event.subject)
        let head = CascadeHead(
            recordedTime: time, correlation: event.correlation.map(Correlation.given) ?? .trigger(sequence),
            traceParent: event.traceParent,
            subject: event.subject)
        return cascades.run(from: start, head: head)
    }

    /// Appends and folds an entry of a type that only rules or the engine append, at the clock's time.
    /// - Parameter isAsked: whether the rules on it decide, and what they decide is appended too.
    package func append(fact type: EventType, subject: String?, data: [UInt8], isAsked: Bool) {
        let start = mark()
        let head = CascadeHead(recordedTime: clock, correlation: .trigger(next), traceParent: nil, subject: nil)
        writer.append(fact: type, subject: subject, data: data, head: head)
        if isAsked { _ = cascades.run(from: start, head: head) }
        writer.clearQueue()
    }

    /// The type of the same name in the rule set in force, where another one was put in force since the ingress.
    private func current(_ type: EventType) -> EventType {
        guard let ruleSet, ruleSet.types.all[safe: type.index] !== type else { return type }
        return ruleSet.eventType(named: type.name) ?? type
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { index < count ? self[index] : nil }
}
