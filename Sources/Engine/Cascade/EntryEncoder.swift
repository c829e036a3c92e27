import AgentKit
import EventLog
import JSON

/// Lays out entries that the engine itself makes, in canonical form: decisions, and the triggers of clock and genesis.
struct EntryEncoder: ~Copyable {
    /// The canonical bytes an entry may have at most (log format, version 1).
    static let entryBytesMax = 65_535
    /// Bytes that an entry may need besides its data, reason, subject, correlation and trace.
    static let envelopeBytesMax = 1_600

    private(set) var writer = CanonicalWriter(capacity: 4096)

    /// One decision, caused by the entry at `cause`.
    mutating func decision(
        type: String, subject: String?, data: UnsafeRawBufferPointer, because: String?, by decider: Decider,
        ruleSet: String, cause: EntrySequence, at sequence: EntrySequence, head: CascadeHead, after chain: EntryChain
    ) {
        writer.removeAll()
        writer.beginObject()
        writer.key("agent")
        writer.string(decider.agent)
        if let because {
            writer.key("because")
            writer.string(because)
        }
        writer.key("causationid")
        write(cause)
        writer.key("correlationid")
        switch head.correlation {
        case .given(let text): writer.string(text)
        case .trigger(let sequence): write(sequence)
        }
        writer.key("data")
        unsafe writer.raw(data)
        writer.key("datacontenttype")
        writer.raw("\"application/json\"")
        writer.key("id")
        write(sequence)
        writeLink(after: chain, at: head.recordedTime)
        if let rule = decider.rule {
            writer.key("rule")
            writer.string(rule)
        }
        writer.key("ruleset")
        writer.string(ruleSet)
        writeTail(sequence, source: decider.source, subject: head.subject(subject), trace: head.traceParent)
        writer.key("type")
        writer.string(type)
        writer.endObject()
    }

    /// One trigger of the clock (`source` `/clock`) or of the genesis (`/engine`).
    mutating func trigger(
        type: String, subject: String?, data: UnsafeRawBufferPointer, authority: String, source: String,
        cause: EntrySequence?, at sequence: EntrySequence, time: Instant, after chain: EntryChain
    ) {
        writer.removeAll()
        writer.beginObject()
        writer.key("authid")
        writer.string(authority)
        if let cause {
            writer.key("causationid")
            write(cause)
        }
        writer.key("correlationid")
        write(sequence)
        writer.key("data")
        unsafe writer.raw(data)
        writer.key("datacontenttype")
        writer.raw("\"application/json\"")
        writer.key("id")
        write(sequence)
        writeLink(after: chain, at: time)
        writeTail(sequence, source: source, subject: subject, trace: nil)
        writer.key("type")
        writer.string(type)
        writer.endObject()
    }

    private mutating func writeLink(after chain: EntryChain, at time: Instant) {
        writer.key("previoushash")
        unsafe withUnsafeTemporaryAllocation(byteCount: 46, alignment: 1) { bytes in
            unsafe bytes[0] = 0x22
            unsafe chain.writeHead(into: UnsafeMutableRawBufferPointer(rebasing: bytes[1..<45]))
            unsafe bytes[45] = 0x22
            unsafe writer.raw(UnsafeRawBufferPointer(bytes))
        }
        writer.key("recordedtime")
        unsafe withUnsafeTemporaryAllocation(byteCount: 26, alignment: 1) { bytes in
            unsafe bytes[0] = 0x22
            unsafe time.write(into: UnsafeMutableRawBufferPointer(rebasing: bytes[1..<25]))
            unsafe bytes[25] = 0x22
            unsafe writer.raw(UnsafeRawBufferPointer(bytes))
        }
    }

    private mutating func writeTail(_ sequence: EntrySequence, source: String, subject: String?, trace: String?) {
        writer.key("sequence")
        write(sequence)
        writer.key("source")
        writer.string(source)
        writer.key("specversion")
        writer.raw("\"1.0\"")
        if let subject {
            writer.key("subject")
            writer.string(subject)
        }
        if let trace {
            writer.key("traceparent")
            writer.string(trace)
        }
    }

    private mutating func write(_ sequence: EntrySequence) {
        unsafe withUnsafeTemporaryAllocation(byteCount: 18, alignment: 1) { bytes in
            unsafe bytes[0] = 0x22
            unsafe sequence.write(into: UnsafeMutableRawBufferPointer(rebasing: bytes[1..<17]))
            unsafe bytes[17] = 0x22
            unsafe writer.raw(UnsafeRawBufferPointer(bytes))
        }
    }
}
