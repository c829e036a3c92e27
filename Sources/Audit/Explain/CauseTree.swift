import AgentKit
import Engine
import EventLog
import JSON

/// Everything that followed from an entry: its decisions, theirs, and what their timers triggered later.
struct CauseTree {
    /// The largest number of entries followed; longer histories are for a timeline.
    static let entriesMax = 1000

    struct Node {
        let entry: Document
        /// The number of causes between the entry and the root.
        let depth: Int
    }

    /// A timer that an entry of the tree set and that has not ended yet.
    private struct Timer: Hashable {
        let agent: String
        let name: String
        let key: String
    }

    /// In log order, without the root.
    private(set) var nodes: [Node] = []
    /// Indicates that more than `entriesMax` entries followed.
    private(set) var isCut = false
    private var depths: [UInt64: Int]
    private var timers: [Timer: UInt64] = [:]
    /// The entries of the tree as entries name them that follow from them.
    private var causes: [Word]

    /// Reads the log after an entry, and stops as soon as nothing more can follow.
    /// - Throws: `ReplayError` if the log cannot be read.
    init(of root: Document, in log: EventLog) throws(ReplayError) {
        depths = [root.root.sequence: 0]
        causes = [Word(EntrySequence(root.root.sequence).padded)]
        if root.root["type"]?.isString("timer.scheduled") == true {
            timers[Self.timer(of: root.root)] = root.root.sequence
        }
        var isInCascade = true
        var tree = self
        try reading { () throws(EventLogError) in
            let search = EntrySearch(log)
            unsafe try search.scan(from: root.root.sequence + 1, words: { tree.words }) { sequence, bytes in
                if isInCascade { isInCascade = unsafe Self.isDecision(bytes) }
                return unsafe tree.visit(sequence, bytes, isInCascade)
            }
        }
        self = tree
    }

    /// One of these is in every entry that follows from the tree, or ends one of its timers.
    private var words: [Word] { causes + timers.keys.map { Word($0.key) } }

    private static let scheduled = BytePattern(entryType: "timer.scheduled")
    private static let cancelled = BytePattern(entryType: "timer.cancelled")
    /// The start of a decision's canonical form: of an entry's members `agent` sorts first.
    private static let decision = Array(#"{"agent":"#.utf8)

    static func isDecision(_ bytes: UnsafeRawBufferPointer) -> Bool { unsafe bytes.starts(with: decision) }

    /// - Returns: false when nothing more can follow.
    private mutating func visit(_ sequence: UInt64, _ bytes: UnsafeRawBufferPointer, _ isInCascade: Bool) -> Bool {
        let mayEndTimer = unsafe Self.scheduled.ends(bytes) || Self.cancelled.ends(bytes)
        if !timers.isEmpty, mayEndTimer { endTimer(try? unsafe Document(canonical: bytes)) }
        let cause = unsafe EntryLinks(bytes).cause
        if let cause, let depth = depths[cause], let entry = try? unsafe Document(canonical: bytes) {
            guard nodes.count < Self.entriesMax else {
                isCut = true
                return false
            }
            depths[sequence] = depth + 1
            causes.append(Word(EntrySequence(sequence).padded))
            nodes.append(Node(entry: entry, depth: depth + 1))
            let type = entry.root.text("type")
            if type == "timer.scheduled" { timers[Self.timer(of: entry.root)] = sequence }
            if type == "timer.fired" { timers = timers.filter { $0.value != cause } }
            return true
        }
        return isInCascade || !timers.isEmpty
    }

    /// Forgets a timer that was cancelled or set anew.
    private mutating func endTimer(_ entry: Document?) {
        if let entry { timers[Self.timer(of: entry.root)] = nil }
    }

    private static func timer(of entry: View) -> Timer {
        let agent = entry.text("agent")
        if let set = TimerScheduled(of: entry) { return Timer(agent: agent, name: set.name, key: set.key) }
        let stopped = TimerCancelled(of: entry)
        return Timer(agent: agent, name: stopped?.name ?? "", key: stopped?.key ?? "")
    }
}
