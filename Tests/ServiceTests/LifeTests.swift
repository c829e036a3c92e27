import AgentKit
import Engine
import Foundation
import Glibc
import JSON
import Service
import Synchronization
import TestSupport
import Testing

@Suite("a service's life")
struct LifeTests {
    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test("the socket has mode 0660 and is removed at the stop")
    func socket() async throws {
        let ledger = try TestLedger()
        let path = ledger.folder.file("s")
        try await ledger.serving { _ in #expect(mode(path) == 0o660) }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: ledger.folder.path).allSatisfy { !$0.hasPrefix("s.") })
    }

    @Test("a stale socket is replaced")
    func stale() async throws {
        let ledger = try TestLedger()
        let path = ledger.folder.file("s")
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { for (i, byte) in path.utf8.enumerated() { $0[i] = byte } }
        _ = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(descriptor)
        #expect(FileManager.default.fileExists(atPath: path))
        try await ledger.serving { service in
            let response = try await service.connect().get("/healthz")
            #expect(response.status == 200)
        }
    }

    @Test("a socket that somebody listens on, and a file that is none, are left alone")
    func taken() async throws {
        let (ledger, other) = (try TestLedger(), try TestLedger())
        try await ledger.serving { service in
            let error = #expect(throws: ServiceError.self) {
                _ = try LedgerService(LedgerService.Options(other.options, socket: service.service.socketPath))
            }
            #expect(error?.description.contains("listens on") == true)
            let response = try await service.connect().get("/healthz")
            #expect(response.status == 200)
        }
        let file = ledger.folder.file("plain")
        try "x".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(throws: ServiceError.self) { _ = try LedgerService(LedgerService.Options(other.options, socket: file)) }
    }

    @Test("a second writer is refused with the first one's process id")
    func secondWriter() async throws {
        let ledger = try TestLedger()
        try await ledger.serving { _ in
            let error = #expect(throws: ServiceError.self) { _ = try LocalLedger(ledger.options) }
            #expect(error?.description.contains("\(getpid())") == true)
        }
    }

    @Test("what was answered is there after a restart, and a retry finds it")
    func restart() async throws {
        let ledger = try TestLedger()
        let first = try await ledger.serving { service in
            try await service.connect().append(Events.deposit("d-1", to: "U-ali", 7)).event()["sequence"]?.int
        }
        try await ledger.serving { service in
            let client = try service.connect()
            #expect(try await client.get("/v1/accounts/wallet%2FU-ali%2FPKR").json["balance"]?.int == 7)
            let again = try await client.append(Events.deposit("d-1", to: "U-ali", 7))
            #expect(again.status == 200)
            #expect(try again.event()["sequence"]?.int == first)
        }
    }

    @Test("a stop waits for requests under way, and ends those that do not come")
    func stopping() async throws {
        let ledger = try TestLedger()
        let service = try TestService(LedgerService.Options(ledger.options, socket: ledger.folder.file("s")))
        try await service.start()
        let half = try service.connect()
        await half.send(
            "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        #expect(try await service.connect().get("/healthz").status == 200)
        try await service.stop()
        #expect(throws: (any Error).self) { _ = try service.connect() }
    }

    @Test("a map that is full is answered with 503 and Retry-After, and what was answered before is kept")
    func fullMap() async throws {
        let ledger = try TestLedger(mapBytes: 1 << 20)
        try await ledger.serving(mapBytes: 1 << 20) { service in
            let client = try service.connect()
            let long = String(repeating: "x", count: 2000)
            var kept = 0
            var full: RawResponse?
            for number in 0..<2000 where full == nil {
                let response = try await client.append(Events.area("a", id: "\(number)", note: long))
                if response.status == 201 { kept += 1 } else { full = response }
            }
            let response = try #require(full)
            #expect(response.status == 503)
            #expect(response["retry-after"] == "5")
            #expect(try response.problem == "unavailable")
            let batch = try await client.append(batch: [Events.area("a", id: "b-1", note: long)])
            #expect(batch.status == 503)
            #expect(batch["retry-after"] == "5")
            #expect(kept > 0)
            #expect(try await client.get("/v1/events?type=area.registered&limit=10000").lines.count == kept)
            let unready = try await client.get("/readyz")
            #expect(unready.status == 503)
            #expect(unready.text.contains("the log cannot be written: its map is full"))
            #expect(try await client.get("/healthz").status == 200)
        }
    }

    @Test(
        "a data directory that is none, a missing key, a key others may read and a damaged key file are refused",
        arguments: ["init.json", "key", "mode", "persons", "log"])
    func damaged(what: String) async throws {
        let ledger = try TestLedger()
        let path = ledger.directory.path
        switch what {
        case "mode": chmod(path + "/key", 0o644)
        case "persons": try "nothing".write(toFile: path + "/keys/persons", atomically: true, encoding: .utf8)
        case "log": try FileManager.default.removeItem(atPath: path + "/log/data.mdb")
        default: try FileManager.default.removeItem(atPath: path + "/" + what)
        }
        let error = #expect(throws: ServiceError.self) { _ = try LocalLedger(ledger.options) }
        #expect(error?.description.contains(path) == true)
    }
}

@Suite("appending without a service")
struct LocalLedgerTests {
    @Test("requests without a service give the answers and the log of the socket")
    func same() async throws {
        let events = [
            Events.area("lahore", id: "a-1"), Events.user("U-ali", name: "Ali", event: "u-1"),
            Events.deposit("d-1", to: "U-ali", 100), Events.payment("p-1", 40, from: "U-ali", to: "U-sana"),
            Events.payment("p-2", 400, from: "U-ali", to: "U-sana"), Events.area("lahore", id: "a-1"),
        ]
        let (socket, local) = (try TestLedger(), try TestLedger())
        // Both ledgers have a key of their own, and so other hashes, which are left out of the comparison.
        let served = try await socket.serving { service in
            let client = try service.connect()
            var answers: [String] = []
            for event in events { answers.append(Self.withoutHashes(try await client.append(event).text)) }
            return answers
        }
        let ledger = try LocalLedger(local.options)
        var answers: [String] = []
        for event in events {
            let answer = await ledger.append(Array(event.utf8))
            answers.append(Self.withoutHashes(String(decoding: answer.body, as: UTF8.self)))
        }
        #expect(answers == served)
        let bad = await ledger.append(Array("{".utf8))
        #expect(bad.status == 400)
        let batch = await ledger.append(Array("[]".utf8), isBatch: true)
        #expect(String(decoding: batch.body, as: UTF8.self) == #"{"events":[]}"#)
        ledger.stop()
    }

    private static func withoutHashes(_ text: String) -> String {
        text.replacing(/"hash":"[^"]*"/, with: "").replacing(/"checkpoint":"[^"]*"/, with: "")
    }

    @Test("a principal that no policy knows may append nothing")
    func stranger() async throws {
        let test = try TestLedger()
        let ledger = try LocalLedger(test.options, principal: "stranger")
        let answer = await ledger.append(Array(Events.area("a", id: "x").utf8))
        #expect(answer.status == 403)
        #expect(try Document.parse(answer.body).root["type"]?.string == "urn:docket:problem:forbidden")
        ledger.stop()
    }

    @Test("a principal appends what its role names and nothing else")
    func role() async throws {
        let test = try TestLedger()
        let ledger = try LocalLedger(test.options, principal: "surveyor")
        #expect(await ledger.append(Array(Events.area("a", id: "x").utf8)).status == 201)
        let refused = await ledger.append(Array(Events.deposit("d", to: "U-ali").utf8))
        #expect(refused.status == 403)
        #expect(try Document.parse(refused.body).root["pointer"]?.string == "/type")
        ledger.stop()
    }
}

@Suite("a service whose clock is set")
struct ClockTests {
    /// Step of the system's clock, in milliseconds.
    private final class Setting: Sendable {
        let milliseconds = Atomic<Int64>(0)
    }

    @Test("refuses events with 503 and is not ready, says why, reads on, and goes on once the clock is accepted")
    func acceptance() async throws {
        let ledger = try TestLedger(clock: .system)
        let setting = Setting()
        var options = ledger.options
        let machine = SystemClock.machine
        options.clock = SystemClock(
            now: {
                Instant(milliseconds: machine.now().milliseconds + setting.milliseconds.load(ordering: .relaxed))
            }, sinceBoot: machine.sinceBoot)
        let service = try TestService(LedgerService.Options(options, socket: ledger.folder.file("s")))
        try await service.start()
        let client = try service.connect()
        #expect(try await client.append(Events.deposit("d-1", to: "U-ali", 7)).status == 201)
        #expect(try await client.get("/readyz").status == 200)
        setting.milliseconds.store(40 * 86_400_000, ordering: .relaxed)
        let refused = try await client.append(Events.deposit("d-2", to: "U-ali", 7))
        #expect(refused.status == 503)
        #expect(refused["retry-after"] == "30")
        #expect(try refused.problem == "unavailable")
        #expect(refused.text.contains("40 d ahead"))
        let unready = try await client.get("/readyz")
        #expect(unready.status == 503)
        #expect(unready.text.contains("docket clock accept"))
        #expect(try await client.get("/healthz").status == 200)
        #expect(try await client.get("/v1/accounts/wallet%2FU-ali%2FPKR").json["balance"]?.int == 7)
        #expect(try await client.get("/v1/clock/accept").status == 405)
        let accepted = try await client.request("POST", "/v1/clock/accept", body: "")
        #expect(accepted.status == 200)
        #expect(try accepted.json["jumpSeconds"]?.int == 40 * 86_400)
        #expect(try accepted.json["clock"]?.string.flatMap { Instant(rfc3339: $0) } != nil)
        #expect(try await client.append(Events.deposit("d-2", to: "U-ali", 7)).status == 201)
        #expect(try await client.get("/readyz").status == 200)
        try await service.stop()
    }

    @Test("on the events' clock there is nothing to accept")
    func events() async throws {
        let ledger = try TestLedger()
        try await ledger.serving { service in
            let answer = try await service.connect().request("POST", "/v1/clock/accept", body: "")
            #expect(answer.status == 404)
        }
    }
}
