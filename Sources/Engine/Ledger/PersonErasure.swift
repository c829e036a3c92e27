import AgentKit
import EventLog
import Synchronization

/// Destroys the keys of persons whose erasure the log holds.
///
/// A key goes after the commit that holds its `erasure.completed` is durable and before anybody is answered. If the
/// process dies in between, the log says what is left to do: at the next start every erasure in it is carried out again.
final class PersonErasure: Sendable {
    private let sealing: (any Sealing)?
    /// Persons whose keys could not be destroyed yet; tried again with every commit.
    private let pending = Mutex<[String]>([])

    init(_ sealing: (any Sealing)?) { self.sealing = sealing }

    /// Carries out every erasure that the machine knows of.
    func perform(all machine: Machine) {
        guard sealing != nil else { return }
        var persons: [String] = []
        machine.tables.named(Machine.erasedPersons)?.forEachKey { person in
            persons.append(person)
            return true
        }
        perform(persons)
    }

    /// Carries out what a commit added, and what could not be done before.
    func perform(_ persons: [String]) {
        guard let sealing else { return }
        pending.withLock { pending in
            guard !(persons.isEmpty && pending.isEmpty) else { return }
            pending = (pending + persons).filter { !sealing.erase($0) }
        }
    }
}

extension Machine {
    /// The projection whose keys are the persons whose data was erased.
    static let erasedPersons = "erased"

    /// The persons that the chain about to be committed erases.
    func takeErasures(in chain: EntryChain) -> [String] {
        defer { erasing.removeAll() }
        return erasing.compactMap { sequence in
            unsafe chain.withEntry(Int(sequence.value - chain.base)) { bytes in
                let entry = try? unsafe Document(canonical: bytes)
                return entry?.root["data"]?.text("userId")
            }
        }
    }
}
