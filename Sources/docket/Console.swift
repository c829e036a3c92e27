import CommandKit
import FoundationEssentials
import Glibc
import JSON

/// Standard output and error. Data goes to stdout, buffered; messages go to stderr at once. Control characters in text
/// for people are escaped here (`VisibleText`), whoever wrote it; JSON is written as it is.
enum Console {
    private nonisolated(unsafe) static var pending: [UInt8] = []
    private static let pendingBytesMax = 64 << 10

    /// Indicates that stderr is a terminal, so that progress may be shown there.
    static var showsProgress: Bool { isatty(2) == 1 }

    /// Writes one line of text.
    static func line(_ text: String) { line(VisibleText.line(text).utf8) }

    /// Writes one line of JSON as it is.
    static func line(_ bytes: some Sequence<UInt8>) {
        pending.append(contentsOf: bytes)
        pending.append(0x0A)
        if pending.count >= pendingBytesMax { flush() }
    }

    /// Writes a value as one line of JSON, its members sorted.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        line(try encoder.encode(value))
    }

    /// Writes text of several lines, ended by one line feed.
    static func page(_ text: String) {
        let text = VisibleText.page(text)
        line((text.hasSuffix("\n") ? text.dropLast() : text[...]).utf8)
    }

    /// Writes a file's bytes as they are; on a terminal as text, since there they can only be read.
    static func file(_ bytes: [UInt8]) {
        if isatty(1) == 1 { return page(String(decoding: bytes, as: UTF8.self)) }
        pending.append(contentsOf: bytes)
        if pending.count >= pendingBytesMax { flush() }
    }

    /// Writes the buffered data. If the reader went away (`| head`) the program ends quietly; any other failure ends it
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

    /// Writes to stderr as it is, without a line feed.
    static func status(_ text: String) { _ = writeAll(Array(text.utf8), to: 2) }
}

/// Progress of a long operation, with its rate and the time left; shown on a terminal only, at most ten times a second.
final class Progress {
    private let what: String
    private var total: UInt64
    private let started = Stopwatch()
    private var shownAt = 0.0
    private var isShown = false

    /// - Parameter total: 0 if unknown.
    init(_ what: String, total: UInt64 = 0) {
        self.what = what
        self.total = total
    }

    /// Records that `done` of a total that may be known only now are done.
    func update(_ done: UInt64, of total: UInt64) {
        self.total = total
        update(done)
    }

    /// Records that `done` of the total are done.
    func update(_ done: UInt64) {
        let elapsed = started.seconds
        guard Console.showsProgress, elapsed - shownAt >= 0.1, elapsed > 0.5 else { return }
        shownAt = elapsed
        isShown = true
        let rate = Double(done) / elapsed
        var text = "\r\u{1B}[K\(what): \(Text.grouped(done))"
        if total > 0 {
            text += " of \(Text.grouped(total)) (\(done * 100 / total) %)"
            if rate > 0, done < total { text += ", \(Int(Double(total - done) / rate) + 1) s left" }
        }
        Console.status(text + ", \(Text.grouped(UInt64(rate)))/s")
    }

    /// Erases the progress line.
    func finish() {
        if isShown { Console.status("\r\u{1B}[K") }
        isShown = false
    }
}

/// Ends a verb with a message on stderr and an exit code.
struct Failure: Error {
    let status: ExitStatus
    /// Lower case, without a full stop; input in backticks, control characters escaped.
    let message: String

    /// A message on one line, whatever it quotes.
    init(_ status: ExitStatus, _ message: String) { self.init(status, page: VisibleText.line(message)) }

    /// A message of several lines, in which line feeds of quoted text are already escaped.
    init(_ status: ExitStatus, page message: String) {
        self.status = status
        self.message = VisibleText.page(message)
    }
}

/// The process's exit codes.
enum ExitStatus: Int32 {
    case done = 0
    /// The thing checked is bad, or the request was refused.
    case refused = 1
    /// Wrong usage, or the verb could not run.
    case couldNotRun = 2
    /// Consistent but older than a checkpoint already seen, or not wholly covered by one.
    case stale = 3
}
