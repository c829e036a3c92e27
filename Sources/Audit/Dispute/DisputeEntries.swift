import AgentKit
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
        var filter = SubjectFilter(subject)
        var ranges: [Cascade] = []
        var events: [Document] = []
        var (start, isTaken, isGone) = (UInt64(0), false, false)
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: 0, to: end) { sequence, bytes in
                if sequence % 4096 == 0, isAbandoned() {
                    isGone = true
                    return false
                }
                if unsafe !CauseTree.isDecision(bytes) {
                    if isTaken { ranges.append(start..<sequence) }
                    (start, isTaken) = (sequence, false)
                }
                if let entry = unsafe filter.take(sequence, bytes) {
                    isTaken = true
                    if events.count < entriesMax { events.append(entry) }
                }
                return true
            }
        }
        if isGone { throw ReplayError(.abandoned, "nobody waits for it any more") }
        if isTaken { ranges.append(start..<end) }
        return (ranges, events)
    }
}
