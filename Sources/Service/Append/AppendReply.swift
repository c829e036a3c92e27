import Engine
import EventLog
import HTTPTypes
import JSON
import NIOCore

/// Answer to a client about its events, written straight from the entries' canonical bytes.
struct AppendReply {
    enum Outcome {
        case given(AppendAnswer)
        /// Nothing reached the sequencer.
        case refused(Problem, count: Int)
    }

    private let isBatch: Bool
    private let isDryRun: Bool
    private let isAtomic: Bool
    private let events: [Result<PreparedEvent, Problem>]
    private let identities: EventBody
    private let outcome: Outcome
    private let newest: String?

    /// - Parameter newest: the newest checkpoint, for an answer that appended nothing but names what the log holds.
    init(
        _ body: EventBody, _ options: AppendOptions, _ events: [Result<PreparedEvent, Problem>], _ outcome: Outcome,
        _ newest: String?
    ) {
        isBatch = body.isBatch
        isDryRun = options.isDryRun
        isAtomic = options.isAtomic
        identities = body
        self.events = events
        self.outcome = outcome
        self.newest = newest
    }

    /// The answer and its HTTP status: one event 201, 200 when it exists, else that of its problem; a batch 201, 200
    /// when some are refused, 503 when none could be taken; an atomic batch that is refused that of the problem of the
    /// first event refused for its own sake; a dry run 200 in place of 201.
    var reply: Reply {
        if !isBatch, let problem = refusal(0) { return ProblemReply(problem).reply }
        if let problem = unavailability { return ProblemReply(problem).reply }
        var out = ByteSink(capacity: 1024 * events.count + 512)
        let status = write(into: &out)
        guard let refusal = atomicRefusal else {
            return Reply(status: status, type: "application/json", buffer: out.buffer)
        }
        var reply = Reply(status: refusal.kind.status, type: "application/json", buffer: out.buffer)
        if let retryAfter = refusal.retryAfter { reply.fields[.retryAfter] = String(retryAfter) }
        return reply
    }

    /// The reason that an atomic batch was refused for: the problem of the first event refused for its own sake.
    private var atomicRefusal: Problem? {
        guard isAtomic else { return nil }
        return events.indices.lazy.compactMap(refusal).first { $0.kind != .atomic }
    }

    /// The problem of the request as a whole, where none of its events could be taken now; otherwise nil.
    private var unavailability: Problem? {
        guard !events.isEmpty, let first = refusal(0), first.kind == .unavailable,
            events.indices.allSatisfy({ refusal($0)?.kind == .unavailable })
        else { return nil }
        return first
    }

    private func refusal(_ index: Int) -> Problem? {
        switch outcome {
        case .refused(let problem, _): return problem
        case .given(let answer):
            if case .refused(let problem) = answer.outcomes[index] { return problem }
            return nil
        }
    }

    private func write(into out: inout ByteSink) -> Int {
        var (appended, existing, refused) = (0, 0, 0)
        out.raw("{\"events\":[")
        for index in events.indices {
            if index > 0 { out.raw(",") }
            out.raw("{")
            writeIdentity(index, into: &out)
            if let problem = refusal(index) {
                refused += 1
                out.raw("\"status\":\"refused\",\"problem\":")
                ProblemReply(problem).write(into: &out)
            } else if case .given(let answer) = outcome {
                if write(answer, index, into: &out) { appended += 1 } else { existing += 1 }
            }
            out.raw("}")
        }
        out.raw("]")
        if let note = checkpoint(hasExisting: existing > 0) {
            out.raw(",\"checkpoint\":")
            out.string(note)
        }
        out.raw("}")
        return appended > 0 && refused == 0 && !isDryRun ? 201 : 200
    }

    private func checkpoint(hasExisting: Bool) -> String? {
        guard !isDryRun, case .given(let answer) = outcome else { return nil }
        return answer.checkpoint ?? (hasExisting ? newest : nil)
    }

    /// `id` and `source`, also of a refused event where it has them.
    private func writeIdentity(_ index: Int, into out: inout ByteSink) {
        var (id, source): (String?, String?)
        switch events[index] {
        case .success(let event): (id, source) = (event.id, event.source)
        case .failure:
            let event = identities.events[index]
            (id, source) = (event["id"]?.string, event["source"]?.string)
        }
        if let id {
            out.raw("\"id\":")
            out.string(id)
            out.raw(",")
        }
        if let source {
            out.raw("\"source\":")
            out.string(source)
            out.raw(",")
        }
    }

    /// Writes the outcome of an event that was not refused.
    /// - Returns: true if the event is new.
    private func write(_ answer: AppendAnswer, _ index: Int, into out: inout ByteSink) -> Bool {
        switch answer.outcomes[index] {
        case .appended(let first, let count):
            let chain = answer.chain
            let base = chain.base + UInt64(first)
            open(base, "appended", into: &out)
            out.raw(",\"hash\":\"")
            unsafe out.fill(44) { unsafe chain.writeHash(first, into: $0) }
            out.raw("\",\"decisions\":[")
            for offset in 1..<max(1, count) {
                unsafe chain.withEntry(first + offset) { bytes in
                    unsafe write(decision: bytes, base + UInt64(offset), isFirst: offset == 1, into: &out)
                }
            }
            out.raw("]")
            return true
        case .recorded(let sequence, let entries, let isNew):
            open(sequence, isNew ? "appended" : "exists", into: &out)
            if !isDryRun {
                out.raw(",\"hash\":")
                out.string(EntryChain.hashText(of: entries.first ?? []))
            }
            write(entries, sequence, into: &out)
            return isNew
        case .dryRun(let entries):
            let sequence = entries.first.flatMap { Self.sequence(of: $0) } ?? 0
            open(sequence, "appended", into: &out)
            write(entries, sequence, into: &out)
            return true
        case .refused: return false
        }
    }

    private func open(_ sequence: UInt64, _ status: StaticString, into out: inout ByteSink) {
        out.raw("\"sequence\":")
        out.number(sequence)
        out.raw(",\"status\":\"")
        out.raw(status)
        out.raw("\"")
    }

    private func write(_ entries: [[UInt8]], _ sequence: UInt64, into out: inout ByteSink) {
        out.raw(",\"decisions\":[")
        for index in 1..<max(1, entries.count) {
            unsafe entries[index].withUnsafeBytes { bytes in
                unsafe write(decision: bytes, sequence + UInt64(index), isFirst: index == 1, into: &out)
            }
        }
        out.raw("]")
    }

    /// Writes one decision: the members of its entry that a client acts on.
    private func write(
        decision bytes: UnsafeRawBufferPointer, _ sequence: UInt64, isFirst: Bool, into out: inout ByteSink
    ) {
        var agent: EntryFields.Member?, rule: EntryFields.Member?, because: EntryFields.Member?
        var subject: EntryFields.Member?, data: EntryFields.Member?
        var fields = unsafe EntryFields(bytes)
        out.raw(isFirst ? "{\"sequence\":" : ",{\"sequence\":")
        out.number(sequence)
        while let member = fields.next() {
            switch unsafe member.name.count {
            case 4:
                if member.isNamed("data") { data = member }
                if member.isNamed("rule") { rule = member }
                if member.isNamed("type") { write("type", member, into: &out) }
            case 5: if member.isNamed("agent") { agent = member }
            case 7:
                if member.isNamed("because") { because = member }
                if member.isNamed("subject") { subject = member }
            default: break
            }
        }
        write("agent", agent, into: &out)
        write("rule", rule, into: &out)
        write("because", because, into: &out)
        write("subject", subject, into: &out)
        write("data", data, into: &out)
        out.raw("}")
    }

    private func write(_ name: StaticString, _ member: EntryFields.Member?, into out: inout ByteSink) {
        guard let member else { return }
        out.raw(",\"")
        out.raw(name)
        out.raw("\":")
        unsafe out.raw(member.value)
    }

    private static func sequence(of entry: [UInt8]) -> UInt64? {
        unsafe entry.withUnsafeBytes { bytes in
            var fields = unsafe EntryFields(bytes)
            while let member = fields.next() {
                guard member.isNamed("sequence") else { continue }
                return unsafe UInt64(String(decoding: member.value.dropFirst().dropLast(), as: UTF8.self))
            }
            return nil
        }
    }
}
