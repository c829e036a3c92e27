import EventLog
import Glibc
import Sodium

/// The file of the persons' keys, `keys/persons`: a first line and one line a record, appended and never changed in
/// place; destroying keys puts a file without them in its place (`PersonKeyFile+Replacing.swift`).
struct PersonKeyFile: ~Copyable {
    static let header = Array("docket-person-keys/v1\n".utf8)

    let path: String
    var descriptor: Int32
    /// The file prepared to take this one's place.
    var next: Replacement?

    private static func path(_ directory: String) -> String { directory + "/persons" }

    deinit {
        close(descriptor)
        if let next { close(next.descriptor) }
    }

    static func create(directory: String) throws(ServiceError) {
        try ServiceFiles.write(header, to: path(directory))
    }

    /// Opens the file and hands each record to `body`; of one person the last counts.
    ///
    /// A crash while a key was appended leaves an unfinished last line, or lines that never reached the disk: no entry
    /// needs them, since keys are durable before they are used, so they are cut off here. A bad line that good ones
    /// follow is damage.
    init(directory: String, ledgerKey: [UInt8], _ body: (PersonKeyRecord) -> Void) throws(ServiceError) {
        let path = Self.path(directory)
        // They hold copies of keys that may be destroyed later.
        for name in Self.replacements(of: path) { _ = unsafe unlink(name) }
        let bytes = try ServiceFiles.read(path)
        let good = try Self.parse(bytes, path, ledgerKey: ledgerKey, body)
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

    /// Hands each record of a file's bytes to `body`.
    /// - Returns: the number of bytes before an unfinished end.
    private static func parse(
        _ bytes: [UInt8], _ path: String, ledgerKey: [UInt8], _ body: (PersonKeyRecord) -> Void
    ) throws(ServiceError) -> Int {
        guard bytes.starts(with: header) else { throw ServiceError("`\(path)` is not a file of persons' keys") }
        var good = header.count
        var start = good
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if let record = PersonKeyRecord(bytes[start..<end], sealedWith: ledgerKey) {
                guard good == start else { throw ServiceError("`\(path)` is damaged at byte \(good)") }
                body(record)
                good = end + 1
            }
            start = end + 1
        }
        return good
    }

    /// The records of a folder's file as they are now, read beside whoever writes it.
    static func records(directory: String, ledgerKey: [UInt8]) throws(ServiceError) -> [PersonKeyRecord] {
        let path = path(directory)
        var records: [PersonKeyRecord] = []
        _ = try parse(ServiceFiles.read(path), path, ledgerKey: ledgerKey) { records.append($0) }
        return records
    }

    /// Appends a record, also to the prepared file; it is durable after `sync`.
    mutating func append(_ record: PersonKeyRecord, ledgerKey: [UInt8]) throws(ServiceError) {
        let line = try Self.line(record, ledgerKey: ledgerKey)
        try append(line, to: descriptor)
        guard let next else { return }
        do throws(ServiceError) { try append(line, to: next.descriptor) } catch {
            cut(line.count, off: descriptor)
            throw error
        }
    }

    static func line(_ record: PersonKeyRecord, ledgerKey: [UInt8]) throws(ServiceError) -> [UInt8] {
        do throws(SodiumError) { return try record.line(sealedWith: ledgerKey) } catch {
            throw ServiceError("the key of a person cannot be sealed: \(error)")
        }
    }

    private func append(_ line: [UInt8], to file: Int32) throws(ServiceError) {
        let before = lseek(file, 0, SEEK_END)
        guard writeAll(line, to: file) else {
            let error = ServiceFiles.failure("write", path)
            // Half a line would make the next one unreadable.
            if before >= 0 { _ = ftruncate(file, before) }
            throw error
        }
    }

    private func cut(_ count: Int, off file: Int32) {
        let end = lseek(file, 0, SEEK_END)
        if end >= count { _ = ftruncate(file, end - count) }
    }

    /// The file as it is now, to be synced while others append to it or replace it.
    final class Synced: Sendable {
        private let descriptors: [Int32]
        private let path: String

        fileprivate init(_ descriptors: [Int32], path: String) {
            self.descriptors = descriptors
            self.path = path
        }

        deinit { for descriptor in descriptors { close(descriptor) } }

        /// Waits until everything written so far is on the disk.
        func sync() throws(ServiceError) {
            for descriptor in descriptors {
                guard fdatasync(descriptor) == 0 else { throw ServiceFiles.failure("sync", path) }
            }
        }
    }

    func synced() throws(ServiceError) -> Synced {
        var copies: [Int32] = []
        for file in [descriptor] + (next.map { [$0.descriptor] } ?? []) {
            let copy = fcntl(file, F_DUPFD_CLOEXEC, 0)
            guard copy >= 0 else {
                let error = ServiceFiles.failure("sync", path)
                for copy in copies { close(copy) }
                throw error
            }
            copies.append(copy)
        }
        return Synced(copies, path: path)
    }
}

/// One line of the persons' key file: `key <person> <sealed>`, or `erased <person> <seal>` where the key was destroyed.
/// Person and seal are base64; a key is sealed with the ledger's own, an erasure carries an empty text sealed alike, so
/// that a line which was not written whole, or by somebody else, is told apart from a good one.
struct PersonKeyRecord {
    let userId: String
    /// Nil once it was destroyed.
    let key: [UInt8]?

    init(userId: String, key: [UInt8]?) {
        self.userId = userId
        self.key = key
    }

    func line(sealedWith ledgerKey: [UInt8]) throws(SodiumError) -> [UInt8] {
        let nonce = Random.bytes(AEAD.nonceBytes)
        let word = key == nil ? "erased" : "key"
        let person = String(decoding: Self.word(for: Array(userId.utf8)), as: UTF8.self)
        let sealed = try AEAD.seal(key ?? [], associated: Array("\(word) \(person)".utf8), key: ledgerKey, nonce: nonce)
        return Array("\(word) \(person) \(LogText.base64(nonce + sealed))\n".utf8)
    }

    /// Nil for a line, given without its line feed, that is not one of this ledger's.
    init?(_ line: ArraySlice<UInt8>, sealedWith ledgerKey: [UInt8]) {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 3, let person = LogText.bytes(base64: String(decoding: words[1], as: UTF8.self)),
            let userId = String(validating: person, as: UTF8.self),
            let box = LogText.bytes(base64: String(decoding: words[2], as: UTF8.self)), box.count >= AEAD.nonceBytes,
            let text = try? AEAD.open(
                Array(box[AEAD.nonceBytes...]), associated: Array(line[..<words[1].endIndex]), key: ledgerKey,
                nonce: Array(box[..<AEAD.nonceBytes]))
        else { return nil }
        self.userId = userId
        switch String(decoding: words[0], as: UTF8.self) {
        case "key" where text.count == AEAD.keyBytes: key = text
        case "erased" where text.isEmpty: key = nil
        default: return nil
        }
    }

    /// Name of a person in lines: base64 of the id in UTF-8.
    static func word(for person: [UInt8]) -> [UInt8] { Array(LogText.base64(person).utf8) }

    /// The person's name in a line; nil where it has none.
    static func word(of line: ArraySlice<UInt8>) -> [UInt8]? {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        return words.count == 3 ? Array(words[1]) : nil
    }
}
