import Foundation
import TestSupport
import Testing

/// The program under test as a process of its own: the binary that was built beside the tests.
struct Docket {
    /// Status and output of a finished process.
    struct Result {
        /// The exit status, or the negative number of the signal that ended it.
        let status: Int32
        let output: String
        let messages: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// The binary that the build of these tests made.
    static let binary = Docket(path: folderOfTests + "/docket")

    /// The program that measures, built beside it.
    static let bench = Docket(path: folderOfTests + "/docket-bench")

    /// The package's folder, where `rules/` and `fixtures/` are.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The package's rules, where they really are: a copy of a link would be changed in place.
    static let rules = URL(fileURLWithPath: package + "/rules").resolvingSymlinksInPath().path

    let path: String

    private static let folderOfTests: String = {
        let file =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: file).deletingLastPathComponent().path
    }()

    /// Runs a verb to its end.
    @discardableResult
    func run(_ arguments: String..., input: String? = nil, in directory: String = Docket.package) throws -> Result {
        try run(arguments, input: input, in: directory)
    }

    /// Runs a verb to its end.
    @discardableResult
    func run(_ arguments: [String], input: String? = nil, in directory: String = Docket.package) throws -> Result {
        // Files instead of pipes: a process that writes much to both never waits for a reader.
        let folder = try TemporaryDirectory("docket-output")
        let output = folder.file("out"), messages = folder.file("err")
        if let input { try Data(input.utf8).write(to: URL(fileURLWithPath: folder.file("in"))) }
        let process = try ChildProcess(
            path, arguments, in: directory, input: input == nil ? nil : folder.file("in"), output: .file(output),
            messages: .file(messages))
        return Result(
            status: process.wait(), output: try String(contentsOfFile: output, encoding: .utf8),
            messages: try String(contentsOfFile: messages, encoding: .utf8))
    }

    /// Starts a verb and does not wait for it; its output goes to files.
    func start(_ arguments: [String], output: String, messages: String) throws -> ChildProcess {
        try ChildProcess(path, arguments, in: Self.package, output: .file(output), messages: .file(messages))
    }
}

/// Waiting for what another process does.
enum Patience {
    /// Polls until a condition holds. Records an issue and throws after two minutes.
    static func wait(for what: String, until isSo: () throws -> Bool) async throws {
        for _ in 0..<12_000 {
            if try isSo() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("waited in vain for \(what)")
        throw CancellationError()
    }
}
