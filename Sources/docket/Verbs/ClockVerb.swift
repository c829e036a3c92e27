import ArgumentParser
import FoundationEssentials

/// `docket clock`
struct ClockVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Say that the system's clock is right.",
        discussion: """
            Examples:
              docket clock accept --data ./data
            """,
        subcommands: [ClockAccept.self])
}

/// `docket clock accept`
struct ClockAccept: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Have a running ledger believe the system's clock as it is now.",
        discussion: """
            A service stops recording when the system's clock is set by more than `serve --clock-jump-max`, so that no \
            entry is stamped with a wrong time for good. It goes on by itself when the clock is right again. Where the \
            clock was wrong before and is right now, accept it: what is due by then fires, and the time of entries \
            never goes back.

            Exits 1 when that is refused, 2 when the service cannot be reached.

            Examples:
              docket clock accept
              docket clock accept --socket /run/docket.sock
            """)

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Decodable {
        let clock: String
        let jumpSeconds: Int64
    }

    func run() throws {
        let response = try HTTPClient(path: service.path).send("POST", "/v1/clock/accept")
        guard response.isSuccess else {
            let problem = ProblemDetails.decode(response.body)
            throw Failure(response.status >= 500 ? .couldNotRun : .refused, problem?.detail ?? "refused")
        }
        if output.json { return Console.line(response.body) }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(response.body))
        Console.line(answer.clock)
        Console.message("accepted; it had been set by \(answer.jumpSeconds) s")
    }
}
