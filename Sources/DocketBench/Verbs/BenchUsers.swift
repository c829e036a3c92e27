import ArgumentParser
import Glibc

/// `docket-bench users`
struct BenchUsers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Let made-up users sign up, look around, order, pay and complain at a running service.",
        discussion: """
            Each user waits for one answer before the next request. Some of them complain and are refunded; all others \
            complete their order and rate it. Nothing they do may be refused.

            Example: docket-bench users --users 10000 --connections 64
            """)

    @OptionGroup var service: SocketOptions

    @Option(help: ArgumentHelp("How many users.", valueName: "n"))
    var users = 10_000

    @Option(help: ArgumentHelp("Connections, each with one user at a time.", valueName: "n"))
    var connections = 64

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1_000_000).contains(users) else { throw ValidationError("`--users` is from 1 to 1000000") }
        guard (1...10_000).contains(connections) else { throw ValidationError("`--connections` is from 1 to 10000") }
    }

    func run() throws {
        let client = SetUpClient(path: service.path)
        try Marketplace(client: client).openShop()
        let load = UserLoad(connections: connections, run: "\(time(nil))-\(getpid())")
        let streams = load.streams(of: users)
        let before = try client.logSize()
        let outcome = try LoadRunner(path: service.path, streams: streams).run()
        var result = Measurement(
            "\(users) users, \(connections) connections", count: outcome.count, unit: "events",
            seconds: outcome.seconds, nanoseconds: outcome.nanoseconds)
        result.entries = try client.logSize() - before
        result.entriesPerSecond = Double(result.entries ?? 0) / outcome.seconds
        result.failed = outcome.failed
        try result.print(json: output.json)
        if outcome.postponed > 0 { Console.message("\(outcome.postponed) requests were asked to wait and sent again") }
        if outcome.failed > 0 {
            throw Failure.refused("\(outcome.failed) events did not have the effect they were to have")
        }
    }
}
