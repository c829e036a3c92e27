import Glibc
import Sodium
import TransparencyLog

extension KeyFile {
    enum Secret {
        case plain([UInt8])
        case sealed(Passphrase.Cost, salt: [UInt8], nonce: [UInt8], box: [UInt8])
    }

    /// Reads the file in its strict form.
    func contents() throws(KeyFileError) -> (name: String, secret: Secret) {
        let bytes = try read()
        guard let text = String(validating: bytes, as: UTF8.self), text.utf8.last == UInt8(ascii: "\n") else {
            throw .malformed(path: path, why: "it is not text that ends in a line feed")
        }
        let lines = text.utf8.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].elementsEqual(Self.header.utf8) else {
            throw .malformed(path: path, why: "it has not the three lines that start with `\(Self.header)`")
        }
        let words = lines[2].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard let secret = Self.secret(words) else {
            throw .malformed(path: path, why: "its third line is neither `seed` nor `sealed`")
        }
        return (String(Substring(lines[1])), secret)
    }

    private static func secret(_ words: [Substring.UTF8View.SubSequence]) -> Secret? {
        guard let last = words.last, let bytes = Base64.decodeStrict(last) else { return nil }
        if words.count == 2, words[0].elementsEqual("seed".utf8), bytes.count == SigningKey.seedBytes {
            return .plain(bytes)
        }
        let head = Passphrase.saltBytes + SecretBox.nonceBytes
        guard words.count == 4, words[0].elementsEqual("sealed".utf8),
            bytes.count == head + SecretBox.tagBytes + SigningKey.seedBytes,
            let passes = Decimal.parse(words[1]), let memory = Decimal.parse(words[2]), memory <= 1 << 34
        else { return nil }
        return .sealed(
            Passphrase.Cost(operations: passes, memoryBytes: Int(memory)),
            salt: Array(bytes[..<Passphrase.saltBytes]), nonce: Array(bytes[Passphrase.saltBytes..<head]),
            box: Array(bytes[head...]))
    }

    /// Reads the file after checking, on the open file, that it is a plain one to which only its owner has access.
    private func read() throws(KeyFileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(operation: "open", path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .file(operation: "stat", path: path, code: errno) }
        let mode = status.st_mode
        guard mode & S_IFMT == S_IFREG, mode & 0o077 == 0 else {
            let digits = String(mode & 0o7777, radix: 8)
            throw .mode(path: path, found: String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
        }
        var bytes = [UInt8](repeating: 0, count: Self.fileBytesMax)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw .file(operation: "read", path: path, code: errno) }
        return Array(bytes[..<count])
    }

    /// Writes a file that is not there yet: under another name, synced, then linked to its own.
    func write(_ bytes: [UInt8]) throws(KeyFileError) {
        let temporary = "\(path).\(getpid()).partial"
        _ = unsafe unlink(temporary)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(operation: "create", path: temporary, code: errno) }
        defer {
            close(descriptor)
            _ = unsafe unlink(temporary)
        }
        errno = ENOSPC
        guard fchmod(descriptor, 0o600) == 0, unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else { throw .file(operation: "write", path: temporary, code: errno) }
        guard unsafe link(temporary, path) == 0 else { throw .file(operation: "create", path: path, code: errno) }
        do throws(EventLogError) { try syncDirectory(of: path) } catch {
            guard case .file(let operation, let folder, let code) = error else { return }
            throw .file(operation: operation, path: folder, code: code)
        }
    }
}
