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

    func slice(_ request: EntrySlice.Request) async throws(ProblemReply) -> EntrySlice {
        let log = log
        let result: Result<EntrySlice, EventLogError> = await pool.run {
            do throws(EventLogError) { return .success(try EntrySlice(log, request)) } catch { return .failure(error) }
        }
        guard case .success(let slice) = result else { throw .failure }
        return slice
    }

    /// One page: slices until it is full or the log ends.
    func page(_ first: EntrySlice.Request) async throws(ProblemReply) -> EntrySlice {
        var request = first
        var page = try await slice(request)
        while !page.isAtEnd, page.count < first.entriesMax, page.buffer.readableBytes < first.bytesMax {
            request.from = page.next
            request.entriesMax = first.entriesMax - page.count
            var more = try await slice(request)
            page.buffer.writeBuffer(&more.buffer)
            page.count += more.count
            page.last = more.last ?? page.last
            page.next = more.next
            page.isAtEnd = more.isAtEnd
        }
        return page
    }
}
