import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// Events that came in this world alone.
extension SimulatedWorld {
    /// Indicates that a recorded trigger has the source and the id of an added event.
    func isAdded(_ trigger: View) -> Bool {
        !addedIDs.isEmpty && trigger["agent"] == nil && addedIDs.contains(Self.identity(trigger))
    }

    func add(_ added: SimulationRequest.AddedEvents, before end: Instant) throws {
        for (line, event) in added.events {
            func refused(_ problem: Problem) -> SimulationError {
                SimulationError("\(added.file):\(line): \(problem.pointer.map { $0 + ": " } ?? "")\(problem.detail)")
            }
            guard let ruleSet = machine.ruleSet else {
                throw SimulationError("nothing can come before the ledger's first rules are in force")
            }
            do throws(Problem) {
                let ingress = Ingress(ruleSet: ruleSet, origin: machine.settings.origin, sealing: WithoutKeys())
                let prepared = try ingress.prepare(event.root, authority: "local")
                let own = machine.settings.clock == .events ? prepared.time ?? end : end
                guard own <= end else {
                    throw Problem(
                        .clock, "its time is after \(end.text), when the entry was recorded before which it comes",
                        pointer: "/time")
                }
                let time = max(own, machine.clock)
                fire(by: time)
                guard !presentIDs.contains(Self.identity(event.root)) else {
                    throw Problem(.conflict, "an event of the same source and id came before", pointer: "/id")
                }
                try machine.check(prepared, at: time)
                let cascade = machine.append(prepared, at: max(time, machine.clock))
                machine.commitUndoLog()
                presentIDs.insert(Self.identity(event.root))
                steps.append(.added(cascade.first.value..<cascade.first.value + UInt64(cascade.count)))
            } catch {
                throw refused(error)
            }
        }
    }

    static func identity(_ event: View) -> String { event.text("source") + "\n" + event.text("id") }
}

/// Stands in for the keys of persons, which a simulation does without: what was sealed says only that.
private struct WithoutKeys: Sealing {
    func prepareErasure(of persons: [String]) -> Bool { true }
    func erase(_ persons: [String]) -> [String] { [] }
    func abandonErasure() {}

    func seal(
        _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
    ) throws(Problem) -> (commitment: String, sealed: String) {
        let text = EntryChain.hashText(of: Array("\(userId)\n\(source)\n\(id)\n\(pointer)".utf8))
        return (text, text)
    }
}
