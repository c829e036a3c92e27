package import AgentKit
package import JSON

/// Records of who read the personal data of an entry.
extension Machine {
    /// The person whose sealed data an entry from outside holds; nil where it holds none, or is not there.
    package func person(sealedIn sequence: EntrySequence) -> String? {
        guard sequence < next, let entry = recorded(sequence)?.root, entry["causationid"] == nil,
            let data = entry["data"], let person = data["userId"]?.string
        else { return nil }
        return data.children.contains(where: \.isSealed) ? person : nil
    }

    /// Appends `personal.revealed`, about the person, before anybody reads the data.
    func reveal(_ sequence: EntrySequence, of person: String, at time: Instant, by authority: String) {
        state.adoptDue(by: time)
        play(
            PersonalRevealedData(by: authority, sequence: sequence.padded), subject: person, authority: authority,
            source: "/engine", at: time)
    }

    /// Derives that an entry's personal data was read.
    /// - Returns: false where it held none that anybody could read.
    package func deriveReveal(of sequence: EntrySequence, at time: Instant, by authority: String) -> Bool {
        guard let person = person(sealedIn: sequence), !isErased(person) else { return false }
        reveal(sequence, of: person, at: time, by: authority)
        return true
    }
}

extension View {
    /// Indicates the form in which the log holds a personal member.
    package var isSealed: Bool {
        kind == .object && count == 2 && self["commitment"]?.kind == .string && self["sealed"]?.kind == .string
    }
}
