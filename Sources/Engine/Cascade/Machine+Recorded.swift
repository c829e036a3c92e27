import AgentKit
package import JSON
import Rules

extension Machine {
    /// Appends a trigger that a log holds, byte for byte, and derives again what follows from it: for explanations and
    /// recomputation. The machine must stand behind the entry before it (`resume(behind:)`).
    /// - Returns: nil where the entry is no trigger, or of a type that the rule set in force does not declare.
    package func append(recorded document: Document) -> Cascade? {
        guard let event = Event(document), event.agent == nil else { return nil }
        adoptDue(by: event.recordedTime)
        guard let type = ruleSet?.eventType(named: event.type) else {
            return nil
        }
        let start = mark()
        append(document.bytes, type: type, time: event.recordedTime)
        admit(event)
        if let subject = event.subject { state.subjects[subject] = SubjectRow(last: event.sequence) }
        let correlation = document.root["correlationid"]?.string.map(Correlation.given) ?? .trigger(event.sequence)
        let head = CascadeHead(
            recordedTime: event.recordedTime, correlation: correlation,
            traceParent: document.root["traceparent"]?.string, subject: event.subject)
        return runCascade(from: start, head: head)
    }
}
