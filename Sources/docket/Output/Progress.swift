import CommandKit
import Glibc

/// How far long work is, with its rate and the time left: on a terminal only, ten times a second at most.
final class Progress {
    private let what: String
    private let total: UInt64
    private let started = Stopwatch()
    private var shownAt = 0.0
    private var isShown = false

    /// - Parameter total: 0 where nobody knows.
    init(_ what: String, total: UInt64) {
        self.what = what
        self.total = total
    }

    /// Says that `done` of the total are done.
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

    /// Takes the line away.
    func finish() {
        if isShown { Console.status("\r\u{1B}[K") }
        isShown = false
    }
}
