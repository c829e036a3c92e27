import Audit
import Engine
import EventLog
import HTTPTypes
import NIOCore

/// The calls that read the log and nothing else: a ledger has them, and a copy of one.
struct LogCalls: Sendable {
    let reader: LogReader
    let signal: CommitSignal
    let cosignatures: CosignatureStore

    func events(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow("after", "limit", "type", "subject", "correlation")
        let filter = EventFilter(call.query)
        guard call.accepts("text/event-stream") else {
            return try await page(call, filter)
        }
        let limit = try limit(call)
        var after = try call.query.number("after")
        if let text = call.fields[.lastEventID] {
            guard let last = QueryItems.number(text) else {
                throw .malformed("`Last-Event-ID` is a sequence, not `\(text)`")
            }
            after = last
        }
        let feed = EventFeed(
            reader: reader, signal: signal, from: try start(after: after), entriesMax: limit,
            filter: filter, connection: call.connection, memory: call.memory)
        return Reply(feed: feed)
    }

    func page(_ call: Call, _ predicate: any EntryPredicate) async throws(ProblemReply) -> Reply {
        let after = try call.query.number("after")
        let limit = try limit(call) ?? ServiceLimits.pageEntriesDefault
        let start = try start(after: after)
        let page = try await reader.page(
            EntrySlice.Request(
                from: start, form: .lines, entriesMax: limit, bytesMax: ServiceLimits.pageBytesMax,
                predicate: predicate,
                memory: call.memory), for: call.connection)
        var reply = Reply(status: 200, type: "application/x-ndjson", buffer: page.buffer)
        // Also where nothing matched, so that the next search goes on from here.
        if page.next > start { reply.fields[.docketNextAfter] = String(page.next - 1) }
        return reply
    }

    /// The parameter `limit`, in entries; nil where the client gives none.
    private func limit(_ call: Call) throws(ProblemReply) -> Int? {
        guard let limit = try call.query.number("limit") else { return nil }
        guard (1...UInt64(ServiceLimits.pageEntriesMax)).contains(limit) else {
            throw .malformed("`limit` is a number from 1 to \(ServiceLimits.pageEntriesMax)")
        }
        return Int(limit)
    }

    /// The first sequence after a reader's position.
    /// - Throws: `position` where it is past the end: it belongs to another log, or to this one before a restore, and
    ///   the reader would wait for entries that it has missed.
    private func start(after: UInt64?) throws(ProblemReply) -> UInt64 {
        guard let after else { return 0 }
        let size = reader.size
        guard after < size else { throw .position(after, size: size) }
        return after + 1
    }

    /// The sequence that a call's path names.
    static func sequence(_ call: Call) throws(ProblemReply) -> UInt64 {
        guard let sequence = QueryItems.number(call.path[2]) else {
            throw .notFound("`\(call.path[2])` is not a sequence")
        }
        return sequence
    }

    func entry(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let sequence = try Self.sequence(call)
        let entry: [UInt8]?
        do throws(EventLogError) { entry = try reader.log.entry(sequence) } catch { throw .failure }
        guard let entry else { throw .notFound("the log has no entry \(sequence)") }
        return Reply(status: 200, type: "application/cloudevents+json", entry)
    }

    func receipt(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        let sequence = try Self.sequence(call)
        do throws(EventLogError) {
            let receipt = cosignatures.appended(toReceipt: try reader.log.receipt(sequence))
            return Reply(status: 200, type: "text/plain; charset=utf-8", Array(receipt.utf8))
        } catch {
            switch error {
            case .outOfRange, .empty: throw .notFound("the log has no entry \(sequence)")
            default: throw .failure
            }
        }
    }

    func checkpoint(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow()
        guard let note = reader.checkpoint else { throw .notFound("the log has no entry and no checkpoint yet") }
        let cosigned = cosignatures.appended(to: note)
        return Reply(status: 200, type: "text/plain; charset=utf-8", Array(cosigned.utf8))
    }

    func consistency(_ call: Call) async throws(ProblemReply) -> Reply {
        try call.query.allow("from", "to")
        guard let old = try call.query.number("from"), let new = try call.query.number("to"), old <= new else {
            throw .malformed("`from` and `to` are sizes of commits, the smaller one first")
        }
        do throws(EventLogError) {
            return Reply(
                status: 200, type: "text/plain; charset=utf-8",
                try reader.log.consistencyText(from: old, to: new))
        } catch {
            if case .noCommit = error { throw .notFound("\(error)") }
            throw .failure
        }
    }

    /// The permission for a file of the log's tlog-tiles directory, given by its path's words.
    static func permission(toReadTile words: ArraySlice<String>) -> String {
        words.dropFirst().first == "entries" ? "events.read" : "checkpoint"
    }

    /// A file of the log's tlog-tiles directory (c2sp.org/tlog-tiles).
    func tile(_ call: Call, _ words: ArraySlice<String>) async throws(ProblemReply) -> Reply {
        if words.count == 1, words.first == "checkpoint" { return try await checkpoint(call) }
        try call.query.allow()
        let path = words.joined(separator: "/"), log = reader.log
        let read: Result<[UInt8]?, EventLogError> = try await reader.pool.run(for: call.connection) {
            Result { () throws(EventLogError) in try log.tile(at: path) }
        }
        guard case .success(let bytes) = read else { throw .failure }
        guard let bytes else { throw .notFound("there is no tile `\(path)`") }
        return Reply(status: 200, type: "application/octet-stream", bytes)
    }
}
