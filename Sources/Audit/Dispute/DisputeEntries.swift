import AgentKit
import Engine
import EventLog
import JSON

/// The entries of a log that matter for a dispute: whole cascades, in log order.
struct DisputeEntries {
    /// The sequences of a trigger and of all that followed from it at once.
    typealias Cascade = Range<UInt64>

    /// Cascades that a bundle holds at most.
    static let cascadesMax = 400
    /// Entries of them at most.
    static let entriesMax = 8000

    private(set) var cascades: [Cascade]
    /// The cascades that were left out, the first of them first, because there are too many.
    private(set) var left: [Cascade] = []
    /// What the subject is about: the order or the request that a complaint names.
    let related: SubjectName?

    /// - Parameter end: the number of entries looked at.
    /// - Returns: nil if no entry is an event of the subject itself.
    /// - Throws: `ReplayError` if the log cannot be read.
    init?(
        of subject: DisputeSubject, in log: EventLog, end: UInt64, isAbandoned: () -> Bool
    ) throws(ReplayError) {
        let own = try Self.cascades(of: subject.name, in: log, end, isAbandoned)
        let events = own.events.filter { DisputeStory.isEvent($0.root, of: subject) }
        guard !events.isEmpty else { return nil }
        related = DisputeStory.related(to: subject, in: events)
        let others = try related.map { related throws(ReplayError) in
            try Self.cascades(of: related, in: log, end, isAbandoned).ranges
        }
        // What is the subject's own goes before what is its order's, and earlier before later.
        let known = Set(own.ranges.map(\.lowerBound))
        let wanted = own.ranges + (others ?? []).filter { !known.contains($0.lowerBound) }
        var entries = 0
        cascades = []
        for cascade in wanted {
            if cascades.count < Self.cascadesMax, entries + cascade.count <= Self.entriesMax {
                cascades.append(cascade)
                entries += cascade.count
            } else {
                left.append(cascade)
            }
        }
        cascades.sort { $0.lowerBound < $1.lowerBound }
        left.sort { $0.lowerBound < $1.lowerBound }
    }

    /// The cascades with an entry that belongs to a subject, and those of these entries that name it in their data.
    private static func cascades(
        of subject: SubjectName, in log: EventLog, _ end: UInt64, _ isAbandoned: () -> Bool
    ) throws(ReplayError) -> (ranges: [Cascade], events: [Document]) {
        var filter = SubjectFilter(subject, isSearchable: true)
        var taken: [UInt64] = []
        var events: [Document] = []
        var isGone = false
        try reading { () throws(EventLogError) in
            unsafe try EntrySearch(log).scan(to: end, words: { filter.words }) { sequence, bytes in
                if sequence % 4096 == 0, isAbandoned() {
                    isGone = true
                    return false
                }
                if let entry = unsafe filter.take(sequence, bytes) {
                    taken.append(sequence)
                    if events.count < entriesMax { events.append(entry) }
                }
                return true
            }
        }
        if isGone { throw ReplayError(.abandoned, "nobody waits for it any more") }
        var ranges: [Cascade] = []
        for sequence in taken where ranges.last.map({ $0.upperBound <= sequence }) ?? true {
            ranges.append(try cascade(around: sequence, in: log, end))
        }
        return (ranges, events)
    }

    /// The trigger before an entry, or the entry itself, up to the next trigger.
    private static func cascade(
        around sequence: UInt64, in log: EventLog, _ end: UInt64
    ) throws(ReplayError) -> Cascade {
        var (start, next) = (sequence, sequence + 1)
        try reading { () throws(EventLogError) in
            while start > 0, let bytes = try log.entry(start),
                unsafe bytes.withUnsafeBytes({ unsafe CauseTree.isDecision($0) })
            { start -= 1 }
            unsafe try log.scan(from: next, to: end) { sequence, bytes in
                guard unsafe CauseTree.isDecision(bytes) else { return false }
                next = sequence + 1
                return true
            }
        }
        return start..<next
    }
}
