import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Readers that go away", .ownThreads)
struct ReaderTests {
    @Test("a reader killed in the middle of the log does not make the log grow for ever")
    func killedReader() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let setUp = try ledger.send("append", "--batch", "100", "-", input: Traffic.setUp.joined(separator: "\n"))
        try #require(setUp.status == 0, "\(setUp.messages)")
        let many = Traffic.events(of: "fill", count: 400).joined(separator: "\n")
        try #require(try ledger.send("append", "--batch", "100", "-", input: many).status == 0)
        let normal = try growth(ledger, "before")

        // It fills its pipe and waits within the log, with its snapshot, for somebody who reads on.
        let pipe = Pipe()
        let reader = try ChildProcess(
            ledger.docket.path, ["log", "--json", "--data", ledger.data],
            output: .descriptor(pipe.fileHandleForWriting.fileDescriptor))
        _ = pipe.fileHandleForReading.availableData
        usleep(300_000)
        #expect(reader.isRunning)
        reader.kill()
        reader.wait()
        usleep(1_200_000)
        let after = try growth(ledger, "after")
        #expect(after < 3 * normal + (256 << 10), "\(after) bytes instead of \(normal)")
        #expect(try ledger.stopService() == 0)
    }

    /// The bytes by which the log's file grows with 200 commits.
    private func growth(_ ledger: TestLedger, _ name: String) throws -> Int {
        let before = try size(ledger)
        for number in 0..<200 {
            let data =
                #""paymentId":"\#(name)-\#(number)","fromUserId":"U-1","toUserId":"U-2","amount":1,"currency":"PKR""#
            let event = Traffic.event("\(name)-\(number)", "wallet.payment.requested", data)
            let answer = try HTTPExchange(ledger.socket).post(event)
            try #require(answer.hasPrefix("HTTP/1.1 201"), "\(answer.prefix(300))")
        }
        return try size(ledger) - before
    }

    private func size(_ ledger: TestLedger) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: ledger.data + "/log/data.mdb")
        return attributes[.size] as? Int ?? 0
    }

    @Test("output that nobody reads on ends a verb quietly, output that cannot be written with a message")
    func brokenOutput() throws {
        let ledger = try KnownHistory.ledger()
        func shell(_ command: String) throws -> String {
            try Docket(path: "/bin/bash").run("-c", "exec 2>&1; " + command).output
        }
        let docket = "'\(ledger.docket.path)' log --json --data '\(ledger.data)'"
        let quiet = try shell("{ \(docket); echo status $? >&2; } | head -c 1 >/dev/null; true")
        #expect(quiet == "status 0\n")
        let full = try shell("\(docket) >/dev/full; echo status $?")
        #expect(full.contains("cannot write to stdout") && full.hasSuffix("status 2\n"), "\(full)")
        let export = try ledger.run("export", "--ndjson", ledger.folder.file("none/e.ndjson"))
        #expect(export.status == 2 && export.messages.contains(ledger.folder.file("none/e.ndjson")))
    }
}
