import AgentKit
import EventLog
package import JSON
import Synchronization

/// Destroys the keys of persons whose erasure the log holds: after it is durable, before anybody is told.
///
/// 1. An erasure is decided. Before it is kept, everything that destroying the key needs is made ready on the disk
///    (`Sealing.prepareErasure`); where that fails, the request is refused and nothing of it is kept. A crash leaves keys
///    as they were and no erasure in the log.
/// 2. The commit becomes durable. A crash from here on leaves an erasure in the log whose key may still be there: at the
///    next start every erasure in the log is carried out again.
/// 3. What was made ready takes the old keys' place (`Sealing.erase`). Where even that fails, nobody is told that the
///    erasure is completed, and it is tried again with every commit and at each start.
///
/// An erasure that the clock decides has nobody to be refused to: it skips the first step.
final class PersonErasure: Sendable {
    private let sealing: (any Sealing)?
    /// Persons whose keys could not be destroyed yet.
    private let pending = Mutex<[String]>([])

    init(_ sealing: (any Sealing)?) { self.sealing = sealing }

    /// Why an erasure cannot be decided now.
    static let unwritable = Problem(
        .unavailable, "the keys of persons cannot be written now: nothing is erased; send it again", retryAfter: 1)
    /// Why a recorded erasure cannot be called completed yet.
    static let unfinished = Problem(
        .unavailable, "the erasure is recorded, the key is not destroyed yet; send it again", retryAfter: 1)

    /// The persons whose keys are left although the log holds their erasure.
    var unfinished: [String] { pending.withLock { $0 } }

    /// Makes the erasure of these persons ready, beside what was made ready since the last commit.
    func prepare(_ persons: [String]) -> Bool { sealing?.prepareErasure(of: persons) ?? true }

    /// Forgets what was made ready: its commit failed.
    func abandon() { sealing?.abandonErasure() }

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
            pending = sealing.erase(pending + persons)
        }
    }

    /// The person that an entry says is erased; nil for any other entry.
    static func person(in entry: UnsafeRawBufferPointer) -> String? {
        guard let root = (try? unsafe Document(canonical: entry))?.root,
            root["type"]?.equals(TypeHandling.erasure) ?? false
        else { return nil }
        return root["data"]?.text("userId")
    }
}

extension Machine {
    /// The projection whose keys are the persons whose data was erased.
    static let erasedPersons = "erased"

    /// Returns true if the ledger holds the person's erasure, committed or not.
    func isErased(_ person: String) -> Bool { tables.named(Self.erasedPersons)?.value(person) != nil }

    /// The persons whose erasure was decided from an entry on, which no commit took yet.
    func persons(erasedFrom first: EntrySequence) -> [String] {
        guard !writer.erasing.isEmpty else { return [] }
        return writer.erasing.lazy.filter { $0 >= first }.compactMap { sequence in
            unsafe self.chain.withEntry(Int(sequence.value - self.chain.base)) { unsafe PersonErasure.person(in: $0) }
        }
    }
}

/// Seals one personal value under the key of the person it belongs to, and destroys such keys.
package protocol Sealing: Sendable {
    /// The sealed form of the value at `pointer`: base64 of its commitment and of nonce and ciphertext.
    /// - Throws: a problem of kind `erased` where the person's key was destroyed.
    func seal(
        _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
    ) throws(Problem) -> (commitment: String, sealed: String)

    /// Makes the destruction of these persons' keys ready on the disk, beside that of those made ready before; the keys
    /// stay. Called while no commit is under way.
    /// - Returns: false where the disk does not take it; what was made ready before stands.
    func prepareErasure(of persons: [String]) -> Bool

    /// Destroys the keys of persons for ever, whether or not that was made ready; for one destroyed before it does
    /// nothing.
    /// - Returns: the persons whose keys the disk still holds, since it could not be written.
    func erase(_ persons: [String]) -> [String]

    /// Forgets what was made ready.
    func abandonErasure()
}
