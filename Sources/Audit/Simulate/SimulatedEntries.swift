import AgentKit
import Engine
import EventLog
import Glibc
import JSON
import Synchronization

/// The entries of a simulated world: those of the log up to where it begins, and behind them its own, in a temporary
/// file without a name, which goes with the process. Memory holds 8 bytes of each.
///
/// One thread appends; any reads.
final class SimulatedEntries: History, Sendable {
    private let log: EventLog
    /// The sequence of the first entry in the file.
    let base: UInt64
    private let file: Int32
    /// The end of each entry in the file.
    private let ends = Mutex<[UInt64]>([])

    /// - Throws: `storage` where no file can be made.
    init(behind base: UInt64, of log: EventLog) throws(ReplayError) {
        self.log = log
        self.base = base
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var path = Array("\(folder)/docket-simulation-XXXXXX".utf8CString)
        file = unsafe path.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
        guard file >= 0 else { throw Self.failure("make a temporary file in `\(folder)`") }
        _ = unsafe path.withUnsafeBufferPointer { unsafe unlink($0.baseAddress!) }
    }

    deinit { close(file) }

    /// The number of entries of the world, those before it included.
    var size: UInt64 { base + ends.withLock { UInt64($0.count) } }

    /// Appends the entries of a chain that begins where these end.
    /// - Throws: `storage` where they cannot be written.
    func append(_ chain: EntryChain) throws(ReplayError) {
        let start = ends.withLock { $0.last ?? 0 }
        var lengths: [UInt64] = []
        for index in 0..<chain.count { lengths.append(unsafe chain.withEntry(index) { UInt64($0.count) }) }
        var written = 0
        while written < chain.batch.bytesCount {
            let count = unsafe chain.batch.bytes.withUnsafeBytes { bytes in
                unsafe pwrite(
                    file, bytes.baseAddress! + written, bytes.count - written, off_t(start) + off_t(written))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write simulated entries to a temporary file") }
            written += count
        }
        ends.withLock { ends in
            var end = start
            for length in lengths {
                end += length
                ends.append(end)
            }
        }
    }

    /// The bytes of an entry; nil beyond the end.
    func bytes(_ sequence: UInt64) -> [UInt8]? {
        guard sequence >= base else { return (try? log.entry(sequence)) ?? nil }
        let range = ends.withLock { ends -> Range<UInt64>? in
            let index = Int(clamping: sequence - base)
            guard index < ends.count else { return nil }
            return (index == 0 ? 0 : ends[index - 1])..<ends[index]
        }
        guard let range else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(range.upperBound - range.lowerBound))
        var read = 0
        while read < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { bytes in
                unsafe pread(
                    file, bytes.baseAddress! + read, bytes.count - read, off_t(range.lowerBound) + off_t(read))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            read += count
        }
        return bytes
    }

    func entry(_ sequence: EntrySequence) -> Document? {
        bytes(sequence.value).flatMap { try? Document(adopting: $0) }
    }

    private static func failure(_ what: String) -> ReplayError {
        ReplayError(.storage, "cannot \(what): \(unsafe String(cString: strerror(errno)))")
    }
}
