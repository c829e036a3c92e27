import CommandKit
import FoundationEssentials
import Glibc
import JSON

/// Data goes to stdout, gathered into large writes; messages go to stderr at once. Text for people has its controls
/// escaped here (`VisibleText`), whoever wrote it; JSON is for machines and goes out as it is.
enum Console {
    private nonisolated(unsafe) static var pending: [UInt8] = []
    private static let pendingBytesMax = 64 << 10

    /// Whether stderr is a terminal, so that progress may be shown there.
    static var showsProgress: Bool { isatty(2) == 1 }

    /// Writes one line of text.
    static func line(_ text: String) { line(VisibleText.line(text).utf8) }

    /// Writes one line of JSON as it is.
    static func line(_ bytes: some Sequence<UInt8>) {
        pending.append(contentsOf: bytes)
        pending.append(0x0A)
        if pending.count >= pendingBytesMax { flush() }
    }

    /// Writes a value as one line of JSON, its members in order.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        line(try encoder.encode(value))
    }

    /// Writes text of several lines, which ends with one line feed.
    static func page(_ text: String) {
        let text = VisibleText.page(text)
        line((text.hasSuffix("\n") ? text.dropLast() : text[...]).utf8)
    }

    /// Writes a file's bytes as they are; on a terminal, where nothing can be done with them but read them, as text.
    static func file(_ bytes: [UInt8]) {
        if isatty(1) == 1 { return page(String(decoding: bytes, as: UTF8.self)) }
        pending.append(contentsOf: bytes)
        if pending.count >= pendingBytesMax { flush() }
    }

    /// Writes what is gathered. A reader that went away (`| head`) ends the program quietly; any other failure ends it
    /// with a message.
    static func flush() {
        defer { pending.removeAll(keepingCapacity: true) }
        guard !writeAll(pending, to: 1) else { return }
        guard errno != EPIPE else { exit(ExitStatus.done.rawValue) }
        let reason = String(cString: strerror(errno))
        _ = writeAll(Array("docket: cannot write to stdout: \(reason)\n".utf8), to: 2)
        exit(ExitStatus.couldNotRun.rawValue)
    }

    /// Writes one line to stderr.
    static func message(_ text: String) { messages(VisibleText.line(text)) }

    /// Writes text of several lines to stderr.
    static func messages(_ text: String) {
        flush()
        _ = writeAll(Array((VisibleText.page(text) + "\n").utf8), to: 2)
    }

    /// Writes to stderr as it is, without ending the line.
    static func status(_ text: String) { _ = writeAll(Array(text.utf8), to: 2) }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}
