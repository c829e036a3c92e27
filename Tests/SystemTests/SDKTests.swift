import Foundation
import TestSupport
import Testing

/// A CloudEvents SDK that others wrote, from PyPI, in a virtual environment of its own.
private enum SDK {
    private static let python = Docket(path: "/usr/bin/env")
    private static let script = [
        "python3", Docket.package + "/tools/cloudevents-sdk.py", Docket.package + "/.build/sdk-python",
    ]

    /// Why it cannot be had; nil where it can.
    static let absence: String? = {
        do {
            let result = try python.run(script)
            return result.status == 0 ? nil : result.messages
        } catch {
            return "\(error)"
        }
    }()

    static func post(to socket: String) throws -> Docket.Result { try python.run(script + [socket]) }
}

@Suite("a CloudEvents SDK as client", .ownThreads)
struct SDKTests {
    private struct Line: Decodable {
        struct Answer: Decodable {
            struct Event: Decodable { let status: String }

            let events: [Event]?
        }

        let mode: String
        let status: Int
        let answer: Answer
    }

    @Test(
        "events that the SDK sends with its own defaults are taken in every mode",
        .enabled(if: SDK.absence == nil, "the SDK cannot be had: \(SDK.absence ?? "")"))
    func modes() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let result = try SDK.post(to: ledger.socket)
        #expect(result.status == 0, "\(result.messages)")
        let lines = try result.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        #expect(Set(lines.map(\.mode)) == ["structured", "binary", "batch"])
        #expect(lines.count == 11)
        for (line, text) in zip(lines, result.lines) {
            #expect(line.status == 201, "\(text)")
            for event in line.answer.events ?? [] { #expect(event.status == "appended", "\(text)") }
        }
        #expect(try ledger.stopService() == 0)
    }
}
