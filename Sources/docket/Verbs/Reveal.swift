import ArgumentParser
import CommandKit
import JSON

/// `docket reveal`
struct Reveal: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the personal data of an entry, which the log records.",
        discussion: """
            What people write is sealed under a key of their own. The running service opens it for who may (the call \
            `reveal` in policy.yaml) and first appends personal.revealed with the reader's name. Exits 1 where the entry \
            has no personal data, where the person was erased, and where you may not; 2 without a service.

            Examples:
              docket reveal 90
              docket reveal 90 --json
            """)

    @Argument(help: "The entry's sequence.")
    var sequence: UInt64

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let response: HTTPClient.Answer
        do throws(ClientError) {
            response = try HTTPClient(path: service.path).send("POST", "/v1/events/\(sequence)/reveal")
        } catch {
            throw Failure(.couldNotRun, "\(error); only the service opens personal data: start it with `docket serve`")
        }
        guard response.isSuccess else {
            throw Failure(
                response.status >= 500 ? .couldNotRun : .refused,
                ProblemDetails.decode(response.body)?.text ?? "status \(response.status)")
        }
        if output.json { return Console.line(response.body) }
        guard let answer = try? Document.parse(response.body).root else {
            throw Failure(.couldNotRun, "the service's answer cannot be read")
        }
        Console.line("#\(sequence), personal data of \(answer["userId"]?.string ?? "")")
        answer["personal"]?.forEachMember { name, value in
            Console.line("  \(name): \(value.string ?? Self.text(value))")
        }
        for name in answer["unreadable"]?.children.compactMap(\.string) ?? [] {
            Console.line("  \(name): cannot be read any more")
        }
        Console.message("recorded as #\(answer["revealed"]?.int ?? 0)")
    }

    private static func text(_ value: View) -> String {
        value.withCanonicalBytes { String(decoding: $0, as: UTF8.self) }
    }
}
