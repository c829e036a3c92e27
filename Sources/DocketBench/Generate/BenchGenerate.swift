import ArgumentParser
import CommandKit
import Glibc

/// `docket-bench generate`
struct BenchGenerate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write a made-up history of a marketplace: sign-ups, orders, complaints, AI services, money.",
        discussion: """
            Prints events, one CloudEvent a line, each with its `time`, for a ledger on the events' clock. The same \
            arguments give the same bytes. On quiet days nothing new begins, and activity in progress ends.

            Examples:
              docket-bench generate --seed 1 --users 20 --days 30 --out month.ndjson
              docket-bench generate --users 200 --days 60 --quiet-days 45 | docket run --data ./month -
            """)

    @Option(help: ArgumentHelp("Seed of the history.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("People who have signed up by the end, 20 to 1000000.", valueName: "n"))
    var users = 200

    @Option(help: ArgumentHelp("Days on which new activity begins, 1 to 3650.", valueName: "n"))
    var days = 30

    @Option(help: ArgumentHelp("Days after those, on which only activity in progress goes on.", valueName: "n"))
    var quietDays = 0

    @Option(help: ArgumentHelp("Write to this file instead of stdout.", valueName: "file"), completion: .file())
    var out: String?

    func validate() throws {
        guard (20...1_000_000).contains(users) else { throw ValidationError("`--users` is from 20 to 1000000") }
        guard (1...3650).contains(days) else { throw ValidationError("`--days` is from 1 to 3650") }
        guard (0...3650).contains(quietDays) else { throw ValidationError("`--quiet-days` is from 0 to 3650") }
    }

    func run() throws {
        let file = try OutputFile(out)
        var history = History(Extent(seed: seed, users: users, days: days, quietDays: quietDays))
        let clock = Stopwatch()
        let count = try history.write { lines throws(Failure) in try file.write(lines) }
        Console.message(
            "\(Text.grouped(UInt64(count))) events in \(Text.decimal(clock.seconds, places: 2)) s")
    }
}

/// A file that is written anew, or stdout where none is named.
final class OutputFile {
    private let name: String
    private let descriptor: Int32

    init(_ path: String?) throws(Failure) {
        name = path ?? "stdout"
        descriptor = path.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? 1
        guard descriptor >= 0 else {
            throw Failure.couldNotRun("cannot write `\(name)`: \(String(cString: strerror(errno)))")
        }
    }

    deinit { if descriptor > 1 { close(descriptor) } }

    /// Writes all bytes. A reader that went away (`| head`) ends the program quietly.
    func write(_ bytes: [UInt8]) throws(Failure) {
        guard !writeAll(bytes, to: descriptor) else { return }
        if errno == EPIPE { exit(0) }
        throw Failure.couldNotRun("cannot write `\(name)`: \(String(cString: strerror(errno)))")
    }
}
