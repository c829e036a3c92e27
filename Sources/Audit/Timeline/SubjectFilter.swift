import AgentKit
import JSON

/// Tells which entries belong to a subject while a log is read in order: those that name it, and what follows from
/// them. It remembers the sequences that belong, nothing else.
struct SubjectFilter {
    private let subject: SubjectName
    private let needle: EntryNeedle
    private let account: EntryNeedle?
    private var included: Set<UInt64> = []

    init(_ subject: SubjectName) {
        self.subject = subject
        needle = EntryNeedle(token: subject.id)
        account = subject.kind == "user" || subject.kind.isEmpty ? EntryNeedle("\"wallet/" + subject.id + "/") : nil
    }

    /// The entry where it belongs to the subject, else nil.
    mutating func take(_ sequence: UInt64, _ bytes: UnsafeRawBufferPointer) -> Document? {
        let isNamed = unsafe needle.isFound(in: bytes)
        let isPaid = unsafe !isNamed && (account?.isFound(in: bytes) ?? false)
        guard isNamed || isPaid || !included.isEmpty else { return nil }
        guard isNamed || isPaid || mayFollow(unsafe EntryLinks(bytes)) else { return nil }
        guard let document = try? unsafe Document(canonical: bytes) else { return nil }
        guard isPaid || subject.isNamed(in: document.root) || mayFollow(EntryLinks(document.root)) else { return nil }
        included.insert(sequence)
        return document
    }

    private func mayFollow(_ links: EntryLinks) -> Bool {
        links.cause.map(included.contains) ?? false || links.correlation.map(included.contains) ?? false
    }
}

/// The entries that an entry names as its cause and as the head of its cascade.
struct EntryLinks {
    let cause: UInt64?
    let correlation: UInt64?

    init(_ entry: View) {
        cause = entry["causationid"]?.string.flatMap { EntrySequence(padded: $0) }?.value
        correlation = entry["correlationid"]?.string.flatMap { EntrySequence(padded: $0) }?.value
    }

    private static let causeKey = EntryNeedle(#""causationid":""#)
    private static let correlationKey = EntryNeedle(#""correlationid":""#)

    /// Finds both in canonical bytes without indexing them: the first text that looks like one, which a quick check may
    /// take for it.
    init(_ bytes: UnsafeRawBufferPointer) {
        cause = unsafe Self.causeKey.sequence(behindIn: bytes)
        correlation = unsafe Self.correlationKey.sequence(behindIn: bytes)
    }
}
