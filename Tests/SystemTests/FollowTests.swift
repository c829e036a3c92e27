import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Following a ledger", .ownThreads)
struct FollowTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory("docket-follow") }

    private var copy: String { folder.file("copy") }

    private static let history = Result {
        try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func append(_ range: Range<Int>, to ledger: TestLedger) throws {
        let lines = try Self.history.get()[range].joined(separator: "\n")
        try #require(try ledger.run("run", "-", input: lines + "\n").status == 0)
    }

    private func follow(_ url: String, _ key: String, _ more: String...) throws -> Docket.Result {
        try Docket.binary.run(["follow", url, "--data", copy, "--key", key] + more)
    }

    /// Starts following and does not wait for it.
    private func start(_ url: String, _ key: String, _ more: String..., data: String? = nil) throws -> ChildProcess {
        try Docket.binary.start(
            ["follow", url, "--data", data ?? copy, "--key", key] + more, output: folder.file("out"),
            messages: folder.file("err"))
    }

    private func export(_ data: String) throws -> String {
        let file = folder.file("export")
        let result = try Docket.binary.run("export", "--ndjson", file, "--data", data)
        return result.status == 0 ? try String(contentsOfFile: file, encoding: .utf8) : ""
    }

    @Test("copies from a service's socket, round after round, into a directory that every reading verb takes")
    func copies() throws {
        let ledger = try TestLedger()
        try append(0..<10, to: ledger)
        try ledger.startService()
        let first = try follow(ledger.socket, ledger.key, "--once")
        #expect(first.status == 0 && first.output.hasPrefix("OK: "), "\(first.output)\(first.messages)")
        #expect(try ledger.stopService() == 0)
        try append(10..<KnownHistory.eventCount, to: ledger)
        try ledger.startService()
        let second = try follow(ledger.socket, ledger.key, "--once", "--json")
        #expect(second.status == 0 && second.output.contains(#""verdict":"OK""#), "\(second.messages)")
        #expect(try export(copy) == ledger.exportedLog())
        for verb in [
            ["verify", "--key", ledger.key], ["recompute"], ["accounts"], ["show", "complaint:COMP-001"], ["log"],
            ["replay"], ["receipt", "5"], ["checkpoint"], ["explain", "40"],
        ] {
            let result = try Docket.binary.run(verb + ["--data", copy])
            #expect(result.status == 0, "\(verb): \(result.output)\(result.messages)")
        }
        #expect(try Docket.binary.run("checkpoint", "--data", copy).output == ledger.run("checkpoint").output)
        #expect(try Docket.binary.run("accounts", "--data", copy).output == ledger.run("accounts").output)
        // Nothing takes it for a ledger of its own, nor a ledger for a copy.
        #expect(try Docket.binary.run("run", KnownHistory.fixture, "--data", copy).status == 2)
        let own = try Docket.binary.run("follow", ledger.socket, "--data", ledger.data, "--key", ledger.key, "--once")
        #expect(own.status == 2 && own.messages.contains("a ledger of its own"))
        let other = try TestLedger()
        #expect(try follow(ledger.socket, other.key, "--once").status == 2)
        #expect(try follow(folder.file("nobody"), ledger.key, "--once").status == 2)
        #expect(try follow("http://192.0.2.1:80/", ledger.key, "--once").status == 2)
        #expect(try follow("https://127.0.0.1/", ledger.key, "--once").status == 2)
    }

    @Test("goes on where it was after it is killed, again and again, while the ledger grows")
    func crashes() async throws {
        let ledger = try TestLedger()
        try append(0..<1, to: ledger)
        try ledger.startService()
        for part in 0..<6 {
            let process = try start(ledger.socket, ledger.key)
            let lines = try Self.history.get()[(1 + 4 * part)..<(5 + 4 * part)].joined(separator: "\n")
            #expect(try ledger.send("append", "-", input: lines + "\n").status == 0)
            usleep(UInt32.random(in: 0..<1_200_000))
            process.kill()
            process.wait()
        }
        let last = try follow(ledger.socket, ledger.key, "--once")
        #expect(last.status == 0, "\(last.messages)")
        #expect(try export(copy) == ledger.exportedLog())
        #expect(try Docket.binary.run("verify", "--data", copy, "--key", ledger.key).status == 0)
    }

    @Test("serves the copy, from which another mirror copies, and clients read; SIGTERM ends it with 0")
    func serves() async throws {
        let ledger = try TestLedger()
        try append(0..<8, to: ledger)
        try ledger.startService()
        let socket = folder.file("m")
        let mirror = try start(ledger.socket, ledger.key, "--serve", socket)
        defer { mirror.kill() }
        try await Patience.wait(for: "the mirror's socket") { FileManager.default.fileExists(atPath: socket) }
        let exchange = HTTPExchange(socket)
        try await Patience.wait(for: "the copy") {
            try exchange.send("GET /checkpoint HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n")
                .hasPrefix("HTTP/1.1 200")
        }
        let note = try ledger.run("checkpoint").output.trimmingCharacters(in: .newlines)
        try await Patience.wait(for: "the newest checkpoint") { try exchange.body("/checkpoint") == note }
        let hash = try #require(note.split(separator: "\n").first).utf8
        #expect(try Docket.binary.run("checkpoint", "--socket", socket).output.hasPrefix(note))
        let originHash = EntryHash.hex(Array(hash))
        #expect(try exchange.body("/\(originHash)/checkpoint") == note)
        let entry = try ledger.run("log", "--json").lines[5]
        #expect(try exchange.body("/v1/events/5") == entry)
        #expect(try exchange.body("/v1/events?after=4&limit=1") == entry)
        #expect(try exchange.body("/v1/events/5/receipt").hasPrefix("c2sp.org/tlog-proof@v1\nindex 5\n"))
        for path in ["/tile/0/001", "/tile/9/000", "/tile/0/../checkpoint", "/v1/accounts/x", "/", "/tile/entries/000"]
        {
            let answer = try exchange.send("GET \(path) HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 404"), "\(path): \(answer.prefix(60))")
        }
        let post = try exchange.post("")
        #expect(post.hasPrefix("HTTP/1.1 405"))
        let second = try Docket.binary.run(
            "follow", socket, "--data", folder.file("second"), "--key", ledger.key, "--once")
        #expect(second.status == 0, "\(second.messages)")
        #expect(try export(folder.file("second")) == ledger.exportedLog())
        // The copy grows with the ledger.
        let lines = try Self.history.get()[8..<12].joined(separator: "\n")
        #expect(try ledger.send("append", "-", input: lines + "\n").status == 0)
        let newer = try ledger.run("checkpoint").output.trimmingCharacters(in: .newlines)
        try await Patience.wait(for: "the newer checkpoint") { try exchange.body("/checkpoint") == newer }
        mirror.terminate()
        #expect(mirror.wait() == 0)
    }

    @Test("copies over a port of this machine, with more entries than a tile has")
    func port() async throws {
        let ledger = try TestLedger()
        try append(0..<KnownHistory.eventCount, to: ledger)
        try ledger.startService()
        let mirror = try start(ledger.socket, ledger.key, "--serve", "127.0.0.1:0", data: folder.file("first"))
        defer { mirror.kill() }
        try await Patience.wait(for: "the mirror") {
            try String(contentsOfFile: folder.file("out"), encoding: .utf8).contains("ready on http")
        }
        let ready = try String(contentsOfFile: folder.file("out"), encoding: .utf8)
        let address = try #require(ready.split(separator: " ").last).trimmingCharacters(in: .newlines)
        try await Patience.wait(for: "the copy") { try follow(address, ledger.key, "--once").status == 0 }
        #expect(try export(copy) == ledger.exportedLog())
    }

    @Test("stops at another history under the key with FORK and evidence, and at an older one with STALE")
    func forks() throws {
        let ledger = try TestLedger(isFixed: true), other = try TestLedger(isFixed: true)
        try append(0..<6, to: ledger)
        try ledger.startService()
        #expect(try follow(ledger.socket, ledger.key, "--once").status == 0)
        let older = try TestLedger(isFixed: true)
        try append(0..<4, to: older)
        try older.startService()
        let stale = try follow(older.socket, ledger.key, "--once")
        #expect(stale.status == 3 && stale.output.hasPrefix("STALE"), "\(stale.output)\(stale.messages)")
        try append(0..<4, to: other)
        try append(6..<10, to: other)
        try other.startService()
        let fork = try follow(other.socket, ledger.key, "--once", "--json")
        #expect(fork.status == 1 && fork.output.contains(#""verdict":"FORK""#), "\(fork.output)\(fork.messages)")
        let check = try Docket.binary.run("check", copy + "/evidence/fork", "--key", ledger.key)
        #expect(check.status == 1 && check.output.hasPrefix("FORK: "), "\(check.output)\(check.messages)")
        // The copy is as it was, and nothing is added to it while the evidence is there.
        #expect(try export(copy) == ledger.exportedLog())
        #expect(try follow(ledger.socket, ledger.key, "--once").status == 2)
        try FileManager.default.removeItem(atPath: copy + "/evidence")
        #expect(try follow(ledger.socket, ledger.key, "--once").status == 0)
    }

    @Test("survives servers that send too much, too little, too slowly or nonsense: exit 2, nothing kept")
    func strangers() throws {
        let ledger = try TestLedger()
        try append(0..<4, to: ledger)
        let note = Array(try ledger.run("checkpoint").output.utf8)
        typealias Answer = StrangeServer.Answer
        let many = [UInt8](repeating: 0x41, count: 1 << 20)
        let strangers: [@Sendable (String) -> Answer] = [
            { _ in .raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n") },
            { _ in .raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n") },
            { _ in .raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n") },
            { _ in Answer(pieces: [Array("HTTP/1.1 200 OK\r\n\r\n".utf8), many], isEndless: true) },
            { _ in
                Answer(
                    pieces: [
                        Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8),
                        Array("100000\r\n".utf8) + many + Array("\r\n".utf8),
                    ], isEndless: true)
            },
            { _ in Answer(pieces: [Array("HTTP/1.1 200 OK\r\nX: ".utf8), many], isEndless: true) },
            { _ in .raw("SSH-2.0-OpenSSH\r\n") }, { _ in .raw("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno") },
            { _ in .raw("HTTP/1.1 301 Gone\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n") },
            { _ in .missing }, { _ in .ok([]) }, { _ in .ok(many) },
            { $0 == "/x/checkpoint" ? .ok(note) : .missing },
            { $0 == "/x/checkpoint" ? .ok(note) : .ok([0xFF, 0xFF, 0x00]) },
        ]
        for (i, stranger) in strangers.enumerated() {
            let server = try StrangeServer(stranger)
            defer { server.stop() }
            let result = try follow("http://127.0.0.1:\(server.port)/x", ledger.key, "--once")
            #expect(result.status == 2, "stranger \(i): \(result.output)\(result.messages)")
        }
        #expect(try Docket.binary.run("checkpoint", "--data", copy).status == 2)
    }
}

/// SHA-256 by the system's own tool, in hex.
private enum EntryHash {
    static func hex(_ bytes: [UInt8]) -> String {
        let result = try? Docket(path: "/usr/bin/env").run(["sha256sum"], input: String(decoding: bytes, as: UTF8.self))
        return String(result?.output.prefix(64) ?? "")
    }
}
