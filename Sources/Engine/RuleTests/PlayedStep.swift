import AgentKit
import JSON
import Rules

/// A test's step, ready to be played any number of times.
enum PlayedStep {
    /// An event that producers send, through the door already.
    case sent(PreparedEvent)
    /// An entry that only rules or the engine append: it is folded, and rules are asked about it where it is under `when`.
    case folded(EventType, time: Instant?, subject: String?, data: [UInt8])
    /// The clock moves.
    case clock(Instant)
}

/// A test that cannot be played.
struct RuleTestProblem: Error {
    let message: String

    init(line: Int, _ message: String) { self.message = "line \(line): " + message }
}

/// Makes steps playable: events go through the same door as a producer's.
struct RuleTestDoor {
    let ruleSet: RuleSet
    let intake: Intake

    func prepare(_ steps: [RuleTestStep], _ prefix: String) throws(RuleTestProblem) -> [PlayedStep] {
        var played: [PlayedStep] = []
        for (index, step) in steps.enumerated() { played.append(try prepare(step, prefix + String(index))) }
        return played
    }

    private func prepare(_ step: RuleTestStep, _ id: String) throws(RuleTestProblem) -> PlayedStep {
        switch step {
        case .at(let text, let line):
            guard let time = Instant(rfc3339: text) else {
                throw RuleTestProblem(line: line, "`\(text)` is not an RFC 3339 timestamp")
            }
            return .clock(time)
        case .event(let event):
            if let type = ruleSet.eventType(named: event.type), !type.kind.isFromOutside {
                if let data = try? Document(adopting: event.data),
                    let violation = type.violationsAsRecorded(data.root).first
                {
                    throw RuleTestProblem(line: event.line, "data\(violation.pointer): \(violation.message)")
                }
                return .folded(
                    type, time: event.time.flatMap { Instant(rfc3339: $0) }, subject: event.subject, data: event.data)
            }
            do throws(Problem) {
                return .sent(try intake.prepare(sent(event, id).root, authority: event.authority ?? "local"))
            } catch {
                throw RuleTestProblem(line: event.line, (error.pointer.map { $0 + ": " } ?? "") + error.detail)
            }
        }
    }

    private func sent(_ event: RuleTestEvent, _ id: String) -> Document {
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        writer.key("data")
        unsafe event.data.withUnsafeBytes { unsafe writer.raw($0) }
        writer.key("id")
        writer.string(id)
        writer.key("source")
        writer.string("/tests")
        writer.key("specversion")
        writer.string("1.0")
        if let subject = event.subject {
            writer.key("subject")
            writer.string(subject)
        }
        if let time = event.time {
            writer.key("time")
            writer.string(time)
        }
        writer.key("type")
        writer.string(event.type)
        writer.endObject()
        guard let document = try? Document(adopting: writer.bytes) else {
            preconditionFailure("an event of a test is not canonical")
        }
        return document
    }
}
