import CommandKit
import Engine
import Glibc

/// Small files named on the command line.
enum FileText {
    private static let mode: mode_t = 0o644

    /// Reads a whole file, or stdin for `-`.
    /// - Throws: `Failure` if it cannot be read.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        do throws(DataDirectoryError) {
            return try Files.read(path == "-" ? "/dev/stdin" : path)
        } catch {
            throw Failure(.couldNotRun, error.description)
        }
    }

    /// The same, of a file that has at most so many bytes.
    static func read(_ path: String, most: Int) throws(Failure) -> [UInt8] {
        var status = stat()
        guard path == "-" || stat(path, &status) != 0 || status.st_size <= most else {
            throw Failure(.couldNotRun, "`\(path)` has more than \(most >> 20) MiB")
        }
        return try read(path)
    }

    /// Writes a whole file, or stdout for `-`.
    /// - Throws: `Failure` if it cannot be written.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        if path == "-" { return Console.file(bytes) }
        do throws(DataDirectoryError) { try Files.write(bytes, to: path, mode: mode) } catch {
            throw Failure(.couldNotRun, error.description)
        }
    }

    /// A key given as text, or the name of a file whose first line holds it.
    /// - Throws: `Failure` if it is neither.
    static func key(_ option: String) throws(Failure) -> String {
        if option.contains("+") { return option }
        guard access(option, F_OK) == 0 else {
            throw Failure(
                .couldNotRun, "`\(option)` is neither a verifier key (name+hash+base64) nor a file that holds one")
        }
        let text = String(decoding: try read(option), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}

/// Reads a file, or stdin for `-`, line by line.
final class LineReader {
    /// A longer line is not an event: an entry has at most 65,535 bytes.
    static let lineBytesMax = 1 << 20

    private let name: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// The number of the last line read, from 1.
    private(set) var number = 0

    init(_ path: String) throws(Failure) {
        name = path
        descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.couldNotRun, "cannot read `\(path)`: \(String(cString: strerror(errno)))")
        }
    }

    deinit { if descriptor > 0 { close(descriptor) } }

    /// The next non-empty line, without its line feed; nil at the end.
    /// - Throws: `Failure` if the file cannot be read or a line is too long.
    func next() throws(Failure) -> [UInt8]? {
        while true {
            guard var line = try rawLine() else { return nil }
            number += 1
            if line.last == 0x0D { line.removeLast() }
            if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return line }
        }
    }

    private func rawLine() throws(Failure) -> [UInt8]? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { position = end + 1 }
                return Array(buffer[position..<end])
            }
            searched = buffer.count
            if isAtEnd {
                defer { position = buffer.count }
                return position < buffer.count ? Array(buffer[position...]) : nil
            }
            guard buffer.count - position <= Self.lineBytesMax else {
                throw Failure(.couldNotRun, "\(name):\(number + 1): line is longer than \(Self.lineBytesMax) bytes")
            }
            searched -= position
            buffer.removeSubrange(..<position)
            position = 0
            try fill()
        }
    }

    private func fill() throws(Failure) {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = retryingInterrupted { read(descriptor, &chunk, chunk.count) }
        guard count >= 0 else {
            throw Failure(.couldNotRun, "cannot read `\(name)`: \(String(cString: strerror(errno)))")
        }
        if count == 0 { isAtEnd = true } else { buffer.append(contentsOf: chunk[..<count]) }
    }
}

/// Reads the passphrase of a sealed signing key.
enum PassphraseFile {
    /// The first line of the file; nil if no file is named.
    /// - Throws: `Failure` if the file cannot be read, is empty or is readable by others.
    static func read(_ path: String?) throws(Failure) -> [UInt8]? {
        guard let path else { return nil }
        var status = stat()
        if path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
            throw Failure(.couldNotRun, "others may read the passphrase in `\(path)`: run `chmod 600 \(path)`")
        }
        let line = Array(try FileText.read(path).prefix { $0 != 0x0A && $0 != 0x0D })
        guard !line.isEmpty else { throw Failure(.couldNotRun, "`\(path)` holds no passphrase") }
        return line
    }
}
