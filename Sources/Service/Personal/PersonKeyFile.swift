import Glibc
import Sodium

/// The file of the persons' keys, `keys/persons`: a first line and one line a record, appended and never changed in
/// place; destroying a key writes the whole file anew.
struct PersonKeyFile: ~Copyable {
    private static let header = Array("docket-person-keys/v1\n".utf8)

    private let path: String
    private var descriptor: Int32

    private static func path(_ directory: String) -> String { directory + "/persons" }

    deinit { close(descriptor) }

    static func create(directory: String) throws(ServiceError) {
        try ServiceFiles.write(header, to: path(directory))
    }

    /// Opens the file and hands each record to `body`; of one person the last counts.
    ///
    /// A crash while a key was appended leaves an unfinished last line, or lines that never reached the disk: no entry
    /// needs them, since keys are durable before they are used, so they are cut off here. A bad line that good ones follow
    /// is damage.
    init(directory: String, ledgerKey: [UInt8], _ body: (PersonKeyRecord) -> Void) throws(ServiceError) {
        let path = Self.path(directory)
        let bytes = try ServiceFiles.read(path)
        guard bytes.starts(with: Self.header) else { throw ServiceError("`\(path)` is not a file of persons' keys") }
        var good = Self.header.count
        var start = good
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if let record = PersonKeyRecord(bytes[start..<end], sealedWith: ledgerKey) {
                guard good == start else { throw ServiceError("`\(path)` is damaged at byte \(good)") }
                body(record)
                good = end + 1
            }
            start = end + 1
        }
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_APPEND | O_CLOEXEC)
        let isWhole = descriptor >= 0 && (good == bytes.count || ftruncate(descriptor, good) == 0)
        guard isWhole else {
            let error = ServiceFiles.failure("open", path)
            if descriptor >= 0 { close(descriptor) }
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    /// Adds a record; it is durable after `sync`.
    mutating func append(_ record: PersonKeyRecord, ledgerKey: [UInt8]) throws(ServiceError) {
        let line: [UInt8]
        do throws(SodiumError) { line = try record.line(sealedWith: ledgerKey) } catch {
            throw ServiceError("the key of a person cannot be sealed: \(error)")
        }
        let before = lseek(descriptor, 0, SEEK_END)
        guard ServiceFiles.write(line, to: descriptor) else {
            let error = ServiceFiles.failure("write", path)
            // Half a line would make the next one unreadable.
            if before >= 0 { _ = ftruncate(descriptor, before) }
            throw error
        }
    }

    /// The file as it is now, to be synced while others append to it or write it anew.
    final class Synced: Sendable {
        private let descriptor: Int32
        private let path: String

        fileprivate init(_ descriptor: Int32, path: String) {
            self.descriptor = descriptor
            self.path = path
        }

        deinit { close(descriptor) }

        /// Waits until everything written so far is on the disk.
        func sync() throws(ServiceError) {
            guard fdatasync(descriptor) == 0 else { throw ServiceFiles.failure("sync", path) }
        }
    }

    func synced() throws(ServiceError) -> Synced {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw ServiceFiles.failure("sync", path) }
        return Synced(copy, path: path)
    }

    /// Writes the file anew with these records alone; if the process dies before the rename, the old file stands.
    mutating func replace(_ records: [PersonKeyRecord], ledgerKey: [UInt8]) throws(ServiceError) {
        var bytes = Self.header
        for record in records {
            do throws(SodiumError) { bytes += try record.line(sealedWith: ledgerKey) } catch {
                throw ServiceError("the key of a person cannot be sealed: \(error)")
            }
        }
        try ServiceFiles.write(bytes, to: path)
        let reopened = unsafe Glibc.open(path, O_RDWR | O_APPEND | O_CLOEXEC)
        guard reopened >= 0 else { throw ServiceFiles.failure("open", path) }
        close(descriptor)
        descriptor = reopened
    }
}
