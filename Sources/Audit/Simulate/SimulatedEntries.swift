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
    /// The first error of reading either world where nobody could throw it.
    private let failure = Mutex<ReplayError?>(nil)

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

    // MARK: Errors

    /// Keeps an error of reading, unless there is one already.
    func note(_ error: ReplayError) { failure.withLock { $0 = $0 ?? error } }

    /// - Throws: the first error that was kept: what was compared since then is worth nothing.
    func check() throws(ReplayError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    // MARK: Reading

    /// The bytes of an entry of this world, which must be there; empty, with an error kept, where they cannot be read.
    func readBytes(_ sequence: UInt64) -> [UInt8] { kept(sequence) { () throws(ReplayError) in try bytes(sequence) } }

    /// The same of an entry of the log.
    func readRecordedBytes(_ sequence: UInt64) -> [UInt8] {
        kept(sequence) { () throws(ReplayError) in try recordedBytes(sequence) }
    }

    private func kept(_ sequence: UInt64, _ read: () throws(ReplayError) -> [UInt8]?) -> [UInt8] {
        do throws(ReplayError) {
            if let bytes = try read() { return bytes }
            note(ReplayError(.damaged, sequence: sequence, "is not there any more"))
        } catch { note(error) }
        return []
    }

    private func recordedBytes(_ sequence: UInt64) throws(ReplayError) -> [UInt8]? {
        try reading { () throws(EventLogError) in try log.entry(sequence) }
    }

    /// The bytes of an entry; nil beyond the end.
    /// - Throws: `storage` where they cannot be read.
    private func bytes(_ sequence: UInt64) throws(ReplayError) -> [UInt8]? {
        guard sequence >= base else { return try recordedBytes(sequence) }
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
            guard count != 0 else { throw ReplayError(.storage, "a temporary file of simulated entries was cut short") }
            guard count > 0 else { throw Self.failure("read simulated entries from a temporary file") }
            read += count
        }
        return bytes
    }

    /// - Returns: nil beyond the end, and, with an error kept, where it cannot be read.
    func entry(_ sequence: EntrySequence) -> Document? {
        document(sequence.value) { () throws(ReplayError) in try bytes(sequence.value) }
    }

    /// The entry of the log, as `entry`.
    func recorded(_ sequence: UInt64) -> Document? {
        document(sequence) { () throws(ReplayError) in try recordedBytes(sequence) }
    }

    private func document(_ sequence: UInt64, _ read: () throws(ReplayError) -> [UInt8]?) -> Document? {
        do throws(ReplayError) {
            guard let bytes = try read() else { return nil }
            if let document = try? Document(adopting: bytes) { return document }
            note(ReplayError(.damaged, sequence: sequence, "cannot be read"))
        } catch { note(error) }
        return nil
    }

    private static func failure(_ what: String) -> ReplayError {
        ReplayError(.storage, "cannot \(what): \(unsafe String(cString: strerror(errno)))")
    }
}
