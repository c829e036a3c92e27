package import EventLog
import TransparencyLog

/// The reason why an export was not made or continued.
package enum ExportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is there contradicts the log: an earlier export of other entries, or one that was changed.
    case refused(String)
    /// It could not run.
    case unusable(String)

    package var description: String {
        switch self {
        case .refused(let why), .unusable(let why): why
        }
    }
}

/// The state of a log up to which an export is complete.
package struct ExportState: Sendable, Hashable {
    package let origin: String
    /// The number of entries.
    package let size: UInt64
    /// Base64 of the root of the tree over them.
    package let root: String
    /// The log's signed note of it.
    package let checkpoint: String

    /// The newest checkpoint of a log.
    /// - Throws: `EventLogError` for an empty log or one that cannot be read.
    package init(newestOf log: EventLog) throws(EventLogError) {
        guard let note = log.checkpoint else { throw .empty }
        origin = log.origin
        size = log.size
        root = try log.root(size: size).base64
        checkpoint = note
    }

    /// Tests that an earlier export of `size` entries, with a root, is the beginning of a log.
    /// - Parameter what: the export, for messages.
    /// - Throws: `ExportError.refused` if it is not.
    static func require(
        _ what: String, of origin: String, size: UInt64, root: String, beginning log: EventLog
    ) throws {
        guard origin.utf8.elementsEqual(log.origin.utf8) else {
            throw ExportError.refused("`\(what)` is an export of `\(origin)`, this ledger is `\(log.origin)`")
        }
        guard size <= log.size else {
            throw ExportError.refused("`\(what)` holds \(size) entries, this log has only \(log.size)")
        }
        let own = try log.root(size: size).base64
        guard own.utf8.elementsEqual(root.utf8) else {
            throw ExportError.refused(
                "`\(what)` is not an export of this log: of its first \(size) entries the root is \(root), here \(own)")
        }
    }
}

/// What an export wrote.
package struct ExportResult: Sendable, Hashable {
    /// The state to which the export is complete.
    package let state: ExportState
    /// The number of entries that it held before.
    package let start: UInt64
}
