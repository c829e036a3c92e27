import EventLog
import NIOCore

/// The committed log as clients read it: its own view of it, beside the writer.
struct LogReader: Sendable {
    let log: EventLog
    let pool: ReadPool

    /// The number of committed entries.
    var size: UInt64 {
        try? log.refresh()
        return log.size
    }

    /// The newest signed checkpoint; nil in an empty log.
    var checkpoint: String? {
        try? log.refresh()
        return log.checkpoint
    }

    /// - Parameter bytesHeld: bytes of the page that were read before.
    func slice(
        _ request: EntrySlice.Request, for connection: Connection, bytesHeld: Int = 0
    ) async throws(ProblemReply) -> EntrySlice {
        let log = log
        let result: Result<EntrySlice, EventLogError> = try await pool.run(for: connection) {
            do throws(EventLogError) {
                return .success(try EntrySlice(log, request, bytesHeld: bytesHeld))
            } catch {
                return .failure(error)
            }
        }
        guard case .success(let slice) = result else { throw .failure }
        if let refusal = slice.refusal { throw refusal }
        return slice
    }

    /// One page: slices until it is full or the log ends.
    func page(_ first: EntrySlice.Request, for connection: Connection) async throws(ProblemReply) -> EntrySlice {
        var request = first
        var page = try await slice(request, for: connection)
        while !page.isAtEnd, page.count < first.entriesMax, page.buffer.readableBytes < first.bytesMax {
            request.from = page.next
            request.entriesMax = first.entriesMax - page.count
            var more = try await slice(request, for: connection, bytesHeld: page.buffer.storageCapacity)
            page.buffer.writeBuffer(&more.buffer)
            page.count += more.count
            page.last = more.last ?? page.last
            page.next = more.next
            page.isAtEnd = more.isAtEnd
        }
        return page
    }
}
