/// The service's limits, each with its unit.
package enum ServiceLimits {
    /// A request's body.
    package static let bodyBytesMax = 16 << 20
    /// The events of one batch.
    package static let batchEventsMax = 10_000
    /// A request's headers together.
    package static let headerBytesMax = 16 << 10
    /// The headers of one request.
    package static let headerFieldsMax = 100
    /// A refused body is read to that length, so that its sender reads the refusal; then the connection is closed.
    static let drainedBytesMax = 4 * bodyBytesMax
    /// A connection without a request.
    package static let idleSecondsMax: Int64 = 60
    /// From a request's head to the end of its body.
    static let requestSecondsMax: Int64 = 60
    /// A reader that takes nothing of what is written to it.
    static let stalledSecondsMax: Int64 = 60
    /// Open requests may take that long after the service was told to stop.
    static let stopSecondsMax: Int64 = 6
    /// Entries of a page, where the client names no number.
    package static let pageEntriesDefault = 100
    package static let pageEntriesMax = 10_000
    /// A page is cut behind the entry that reaches this.
    static let pageBytesMax = 8 << 20
    /// A followed stream is written in pieces of about that size.
    static let streamBytesMax = 256 << 10
    /// Entries looked at in one go, so that long searches take turns.
    static let searchEntriesMax: UInt64 = 50_000
    /// Silence on a followed stream after which a comment is sent.
    static let heartbeatSeconds: Int64 = 15
    /// How often followers look for commits that no request of this service caused.
    static let followMilliseconds: Int64 = 50
    /// How long readiness waits for the sequencer.
    static let readinessMilliseconds: Int64 = 1000
    /// Reads of entries that wait for a thread, of all clients together.
    static let readsWaitingMax = 4096
    /// The same of readings of the past, each of which folds the log.
    static let historiesWaitingMax = 16
    /// How long a client waits that is told to come again, in seconds.
    static let retrySeconds = 1
    /// Requests and replies under way may hold at least so much memory, whatever the machine has.
    package static let memoryBytesMin = 1 << 20
    /// Replies of so many bytes are given even where memory is short.
    static let smallReplyBytes = 4 << 10
    /// Files kept free for the ledger's own needs: keys, views, the log's.
    static let filesReserved = 16
    /// How long nobody is accepted where the system has no file left.
    static let acceptRestMilliseconds: Int64 = 250
    /// The path of a Unix socket (`sun_path`, with its final zero).
    static let socketPathBytesMax = 107
}
