import ArgumentParser
import Engine
import FoundationEssentials
import Glibc

/// The command line: `docket-bench VERB`.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-bench",
        abstract: "Load generators, made-up histories and the micro-benchmarks that tools/bench runs.",
        discussion: """
            With --json each prints one object a line: {name, count, seconds, perSecond, p50, p90, p99, max}, times in \
            milliseconds. Exit codes: 0 done; 1 what was measured failed; 2 wrong usage, or it could not run.

            Examples:
              docket-bench append --socket data/docket.sock --connections 32 --count 100000
              docket-bench append --socket data/docket.sock --batch 1000 --connections 4 --count 1000000
              docket-bench users --users 10000
              docket-bench generate --users 200 --days 60 --out month.ndjson
              docket-bench verify --data data --key ledger.vkey
            """,
        subcommands: [
            BenchAppend.self, BenchUsers.self, BenchGenerate.self, BenchVerify.self, BenchRecompute.self,
            BenchReplay.self, BenchCEL.self, BenchStore.self, BenchSHA256.self, BenchRecommend.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Console.message("docket-bench: \(failure.message)")
            Glibc.exit(failure.isRefusal ? 1 : 2)
        } catch  where exitCode(for: error) == .success {
            print(fullMessage(for: error))
        } catch {
            let isUsage = exitCode(for: error) == .validationFailure
            Console.message(isUsage ? fullMessage(for: error) : "docket-bench: \(error)")
            Glibc.exit(2)
        }
    }
}

/// Ends a verb with a message.
struct Failure: Error {
    /// Indicates that something was refused or is bad; otherwise the verb could not run.
    let isRefusal: Bool
    let message: String

    static func refused(_ message: String) -> Failure { Failure(isRefusal: true, message: message) }
    static func couldNotRun(_ message: String) -> Failure { Failure(isRefusal: false, message: message) }
}

/// The option that names a ledger.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The ledger's data directory.", valueName: "dir"), completion: .directory)
    var data = "./data"

    var directory: DataDirectory { DataDirectory(data) }
}

/// The options that name a running service.
struct SocketOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The service's Unix socket. (default: DATA/docket.sock)", valueName: "path"))
    var socket: String?

    @OptionGroup var data: DataOptions

    var path: String { socket ?? data.directory.socket }
}

/// The option for how results are printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON: one value, or one a line.")
    var json = false
}

/// Reader of small files named on the command line.
enum FileText {
    static func read(_ path: String) throws(Failure) -> String {
        do { return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self) } catch {
            throw .couldNotRun("cannot read `\(path)`")
        }
    }
}

/// Output of the verbs: data goes to stdout, messages go to stderr.
enum Console {
    /// Writes a value as one line of JSON, its members in order.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Writes one line to stderr.
    static func message(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = write(2, line, line.count)
    }
}
