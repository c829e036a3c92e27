package import EventLog

/// Forms in which a ledger leaves its data directory.
package enum Export {
    /// Writes one entry a line into a file, and the newest checkpoint into `FILE.checkpoint`; the export stops at it.
    /// - Returns: the number of entries.
    @discardableResult
    package static func ndjson(_ log: EventLog, to path: String) throws(EventLogError) -> UInt64 {
        try log.exportNDJSON(to: path)
    }
}
