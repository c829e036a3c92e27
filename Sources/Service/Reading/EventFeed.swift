import HummingbirdCore
import NIOCore

/// A followed stream of server-sent events. It is fed from the log at the pace of its reader, who holds nobody up.
struct EventFeed: Sendable {
    let reader: LogReader
    let signal: CommitSignal
    /// The first sequence it sends.
    let from: UInt64
    let filter: EventFilter

    /// Writes until the reader is gone or the service stops.
    @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
        var request = EntrySlice.Request(
            from: from, form: .serverSentEvents, entriesMax: ServiceLimits.pageEntriesMax,
            bytesMax: ServiceLimits.streamBytesMax, test: filter)
        // The head goes out with the first bytes, so a reader knows at once that it follows.
        try await writer.write(ByteBuffer(staticString: ": following\n\n"))
        while true {
            let slice = try await reader.slice(request)
            request.from = slice.next
            if slice.count > 0 { try await writer.write(slice.buffer) }
            guard slice.isAtEnd else {
                guard !signal.isStopping else { return }
                continue
            }
            switch await signal.wait(beyond: slice.next, atMost: .seconds(ServiceLimits.heartbeatSeconds)) {
            case .grown: continue
            case .silent: try await writer.write(ByteBuffer(staticString: ": silence\n\n"))
            case .stopping: return
            }
        }
    }
}
