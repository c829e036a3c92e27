package import AgentKit

extension Sequencer {
    /// Records that a principal reads the personal data of an entry, between two requests. What it holds may be given out
    /// once this returns.
    /// - Throws: `notFound` where the entry holds none, `erased` where nobody can read it any more.
    package func reveal(_ sequence: EntrySequence, principal: String) async throws(Problem) -> Revelation {
        let result: Result<Revelation, Problem> = await withCheckedContinuation { continuation in
            mailbox.post(.ruleSets { continuation.resume(returning: $0.reveal(sequence, principal: principal)) })
        }
        return try result.get()
    }
}

extension Worker {
    /// Records that the personal data of an entry is read, in a commit of its own.
    func reveal(_ sequence: EntrySequence, principal: String) -> Result<Revelation, Problem> {
        settle()
        do throws(Problem) {
            let now = machine.present(try present())
            guard let person = machine.person(sealedIn: sequence) else {
                throw Problem(.notFound, "entry \(sequence.value) holds no personal data")
            }
            try fire(by: now)
            settle()
            // What was due may have erased it.
            guard !machine.isErased(person) else {
                throw Problem(.erased, "the data of `\(person)` was erased; nobody can read it any more")
            }
            // Rules may answer the entry.
            let entry = machine.next
            machine.reveal(sequence, of: person, at: now, by: principal)
            _ = try commitAlone()
            return .success(Revelation(person: person, sequence: entry))
        } catch {
            return .failure(error)
        }
    }
}

/// A reading of personal data that the log holds.
package struct Revelation: Sendable {
    /// The person whose data it is.
    package let person: String
    /// The `personal.revealed` entry.
    package let sequence: EntrySequence
}
