import HummingbirdCore
import NIOCore

/// A followed stream of server-sent events. It is fed from the log at the pace of its reader, who holds nobody up.
struct EventFeed: Sendable {
    let reader: LogReader
    let signal: CommitSignal
    /// The first sequence it sends.
    let from: UInt64
    /// Ends behind so many entries; nil goes on.
    let entriesMax: Int?
    let filter: EventFilter
    let connection: Connection
    let memory: MemoryShare

    /// Writes until it has sent all that was asked for, the reader is gone or the service stops.
    @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
        var request = EntrySlice.Request(
            from: from, form: .serverSentEvents, entriesMax: entriesMax ?? ServiceLimits.pageEntriesMax,
            bytesMax: ServiceLimits.streamBytesMax, test: filter)
        var left = entriesMax
        // The head goes out with the first bytes, so a reader knows at once that it follows.
        try await writer.write(ByteBuffer(staticString: ": following\n\n"))
        while true {
            guard let slice = try await slice(request) else { return }
            request.from = slice.next
            if slice.count > 0 { try await writer.write(slice.buffer) }
            if let rest = left {
                guard rest > slice.count else { return }
                left = rest - slice.count
                request.entriesMax = rest - slice.count
            }
            guard slice.isAtEnd else {
                guard !signal.isStopping else { return }
                continue
            }
            switch await signal.wait(beyond: slice.next, atMost: .seconds(ServiceLimits.heartbeatSeconds)) {
            case .grown: continue
            case .silent:
                try await writer.write(ByteBuffer(staticString: ": silence\n\n"))
                // What is written is nearly all sent before more can be.
                memory.force(to: 0)
            case .stopping: return
            }
        }
    }

    /// The next piece, once there are a thread and memory for it; nil where nobody waits for it any more.
    private func slice(_ request: EntrySlice.Request) async throws -> EntrySlice? {
        while true {
            guard !signal.isStopping, !connection.isGone else { return nil }
            do throws(ProblemReply) {
                let slice = try await reader.slice(request, for: connection)
                if slice.count > 0 { try memory.resize(to: slice.buffer.storageCapacity) }
                return slice
            } catch {
                guard error.status == 503 else { throw error }
            }
            try await Task.sleep(for: .seconds(ServiceLimits.retrySeconds))
        }
    }
}
