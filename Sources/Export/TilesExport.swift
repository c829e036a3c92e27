import Audit
import Engine
package import EventLog
import Glibc

/// Export of a log as a tlog-tiles directory.
package struct TilesExport {
    private let log: EventLog
    private let directory: String
    private let cosignatures: CosignatureStore?

    /// - Parameter cosignatures: those of witnesses that are appended to the checkpoint.
    package init(_ log: EventLog, to directory: String, cosignatures: CosignatureStore? = nil) {
        self.log = log
        self.directory = directory
        self.cosignatures = cosignatures
    }

    /// Writes the directory.
    /// - Parameters:
    ///   - resumes: takes the full tiles under the directory's checkpoint for written, once that is known to be the log's.
    ///   - progress: called from time to time with the number of entries written.
    /// - Returns: the number of entries that were there, and that are there now.
    /// - Throws: `ExportError` or `EventLogError`.
    package func write(resumes: Bool, progress: (UInt64) -> Void) throws -> (start: UInt64, size: UInt64) {
        let path = directory + "/checkpoint"
        var known: UInt64 = 0
        if unsafe access(path, F_OK) == 0 {
            let note = try Files.read(path)
            let last: CheckpointReading?
            do throws(ReadingError) { last = try CheckpointReading(note) } catch {
                guard !resumes else {
                    throw ExportError.unusable("`\(path)`: \(error.description): write it anew, without `--since`")
                }
                last = nil
            }
            if let last {
                // Tiles of another log would stand under its checkpoint until this one is whole.
                try ExportState.require(directory, of: last.origin, size: last.size, root: last.root, beginning: log)
                if resumes { known = last.size }
            }
        }
        return (
            known,
            try log.exportTiles(to: directory, cosignatures: cosignatures, known: known, progress: progress)
        )
    }
}
