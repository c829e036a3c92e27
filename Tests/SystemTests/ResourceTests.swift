import Foundation
import Glibc
import TestSupport
import Testing

@Suite("few open files and little memory", .serialized, .ownThreads)
struct ResourceTests {
    /// Starts a service from a shell with a limit of open files.
    private func start(_ ledger: TestLedger, hard: Int, soft: Int) async throws -> ChildProcess {
        let ready = ledger.folder.file("ready")
        let command =
            "ulimit -Sn \(soft); ulimit -Hn \(hard); exec \(Docket.binary.path) serve --data \(ledger.data) --socket \(ledger.socket)"
        let process = try Docket(path: "/bin/bash").start(
            ["-c", command], output: ready, messages: ledger.folder.file("messages"))
        try await Patience.wait(for: "the service") { try !Data(contentsOf: URL(fileURLWithPath: ready)).isEmpty }
        return process
    }

    @Test("with 64 open files some are served, the others wait their turn, and nobody spins")
    func fewFiles() async throws {
        let ledger = try TestLedger()
        let process = try await start(ledger, hard: 64, soft: 32)
        defer { process.kill() }
        let service = ServiceProcess(pid: process.pid)
        #expect(try service.filesMax() == 64)

        var open = try (0..<100).map { _ in try OpenConnection(ledger.socket) }
        for connection in open { connection.get("/healthz") }
        var answered: Set<Int> = []
        func look() { for (index, item) in open.enumerated() where item.answer() != nil { answered.insert(index) } }
        try await Patience.wait(for: "the first answers") {
            look()
            return answered.count >= 10
        }
        #expect(try await service.load() < 0.2)
        look()
        #expect(answered.count < 64)

        // Each that ends makes room for another, until all were served.
        var served = answered.count
        while served < 100 {
            open = open.enumerated().filter { !answered.contains($0.offset) }.map(\.element)
            answered = []
            try await Patience.wait(for: "another answer") {
                look()
                return !answered.isEmpty
            }
            served += answered.count
        }
        open = []
        // The ledger's own files are not among those that clients may use up.
        let user = #"{"userId":"U-few","role":"buyer","area":"lahore","name":"Few Files"}"#
        let event =
            #"{"specversion":"1.0","id":"f","source":"/t","type":"user.registered","time":"2024-02-15T09:00:00Z","data":\#(user)}"#
        #expect(try ledger.send("append", "-", input: event).status == 0)
    }

    @Test("a system without a file left is not asked again at once, and served again when it has some")
    func noFile() async throws {
        let ledger = try TestLedger()
        let process = try await start(ledger, hard: 256, soft: 256)
        defer { process.kill() }
        let service = ServiceProcess(pid: process.pid)
        func limit(_ files: Int) throws {
            let done = try Docket(path: "/usr/bin/env").run(
                "prlimit", "--pid", String(process.pid), "--nofile=\(files):256")
            try #require(done.status == 0, "\(done.messages)")
        }
        try limit(4)
        let connection = try OpenConnection(ledger.socket)
        connection.get("/healthz")
        #expect(try await service.load() < 0.2)
        #expect(connection.answer() == nil)
        try limit(256)
        try await Patience.wait(for: "the answer") { connection.answer()?.hasPrefix("HTTP/1.1 200") == true }
    }

    @Test("unread pages and unfinished bodies take no more memory than they may")
    func memory() async throws {
        let ledger = try TestLedger()
        let process = try ledger.startService("--memory", "32M")
        let service = ServiceProcess(pid: process.pid)
        let exchange = HTTPExchange(ledger.socket)
        let note = String(repeating: "n", count: 900)
        for round in 0..<5 {
            let events = (0..<1000).map {
                #"{"specversion":"1.0","id":"\#(round)-\#($0)","source":"/t","type":"area.registered","#
                    + #""time":"2024-02-15T09:00:00Z","note":"\#(note)","data":{"area":"lahore"}}"#
            }
            #expect(try exchange.post(events.joined(separator: ",")).hasPrefix("HTTP/1.1 201"))
        }
        let before = try service.bytes("RssAnon")
        let most = before + (128 << 20)

        var pages = try (0..<150).map { _ in try OpenConnection(ledger.socket) }
        for page in pages { page.get("/v1/events?limit=10000") }
        try await Patience.wait(for: "pages that do not fit") {
            let held = try service.bytes("RssAnon")
            #expect(held < most)
            return pages.contains { $0.answer()?.hasPrefix("HTTP/1.1 503") == true }
        }
        let head =
            "POST /v1/events HTTP/1.1\r\nHost: t\r\nContent-Type: application/cloudevents+json\r\nContent-Length: 4000000\r\n\r\n"
        var bodies = try (0..<40).map { _ in try OpenConnection(ledger.socket) }
        for body in bodies { body.send(Array(head.utf8)) }
        let piece = [UInt8](repeating: 0x20, count: 1 << 16)
        for _ in 0..<100 {
            for body in bodies { body.send(piece) }
            #expect(try service.bytes("RssAnon") < most)
        }
        try await Patience.wait(for: "bodies that do not fit") {
            bodies.contains { $0.answer()?.hasPrefix("HTTP/1.1 503") == true }
        }

        pages = []
        bodies = []
        try await Patience.wait(for: "the service to recover") {
            try exchange.send("GET /v1/events?limit=10000 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
                .hasPrefix("HTTP/1.1 200")
        }
        #expect(try ledger.stopService() == 0)
    }

    @Test(
        "--memory takes what it says and nothing else",
        arguments: ["0", "1023K", "x", "1.5G", "-1", "5P", "99999999999T"])
    func wrongMemory(value: String) throws {
        let ledger = try TestLedger()
        let result = try ledger.run("serve", "--memory", value)
        #expect(result.status == 2)
    }
}

/// A disk or a map that is full, and later has room again.
@Suite("Room for the log", .ownThreads)
struct RoomTests {
    private func ready(_ ledger: TestLedger) throws -> String {
        try HTTPExchange(ledger.socket).send("GET /readyz HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
    }

    /// Appends until a 503 comes.
    private func fillUp(_ ledger: TestLedger, _ name: String) throws {
        for round in 0..<400 {
            let events = Traffic.events(of: "\(name)-\(round)", count: 100).filter { $0.contains("wallet.payment") }
            if try HTTPExchange(ledger.socket).post(events.joined(separator: ",")).contains(#""status":503"#) { return }
        }
        Issue.record("nothing was refused")
    }

    private func lines(_ ledger: TestLedger, _ text: String) -> Int {
        ledger.messages.split(separator: "\n").count { $0.contains(text) }
    }

    @Test("a full map is said once, makes the service unready, and a larger one at the next start is kept")
    func map() async throws {
        let ledger = try TestLedger(clock: "system", mapBytes: 3 << 20)
        try ledger.startService()
        try fillUp(ledger, "a")
        try fillUp(ledger, "b")
        let unready = try ready(ledger)
        #expect(unready.hasPrefix("HTTP/1.1 503") && unready.contains("its map is full"), "\(unready)")
        #expect(lines(ledger, "the log cannot be written") == 1, "\(ledger.messages)")
        let refused = try HTTPExchange(ledger.socket).post(Traffic.event("x", "area.registered", #""area":"x""#))
        #expect(refused.contains("Retry-After: 5") && refused.contains("its map is full"), "\(refused)")
        #expect(try ledger.stopService() == 0)
        for more in [["--map-size", String(64 << 20)], []] {
            try ledger.startService(more)
            let appended = try HTTPExchange(ledger.socket).post(
                Traffic.event("again-\(more.count)", "area.registered", #""area":"a-\#(more.count)""#))
            #expect(appended.hasPrefix("HTTP/1.1 201"), "\(appended)")
            #expect(try ready(ledger).hasPrefix("HTTP/1.1 200"))
            #expect(try ledger.stopService() == 0)
        }
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
    }

    @Test("a full disk is said once, and the service goes on by itself when there is room again")
    func disk() async throws {
        let folder = try TemporaryDirectory("small-disk")
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=24m") == 0 else {
            print("a full disk: not tested, for nothing can be mounted here: \(String(cString: strerror(errno)))")
            return
        }
        defer { umount2(folder.path, Int32(MNT_DETACH)) }
        let ledger = try TestLedger(clock: "system", data: folder.file("data"))
        try ledger.startService()
        let first = try HTTPExchange(ledger.socket).post(Traffic.setUp.joined(separator: ","))
        try #require(first.hasPrefix("HTTP/1.1 201"), "\(first.prefix(300))")
        let ballast = folder.file("ballast")
        let file = open(ballast, O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 1, count: 1 << 16)
        while write(file, block, block.count) > 0 {}
        close(file)
        try fillUp(ledger, "full")
        let unready = try ready(ledger)
        #expect(unready.hasPrefix("HTTP/1.1 503") && unready.contains("the disk is full"), "\(unready)")
        let sealed = try ledger.run("export", "--ndjson", folder.file("export.ndjson"))
        #expect(sealed.status == 2 && sealed.messages.contains("No space left"), "\(sealed.messages)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("export.ndjson")))
        unlink(ballast)
        try await Patience.wait(for: "room to be noticed") { try ready(ledger).hasPrefix("HTTP/1.1 200") }
        let appended = try HTTPExchange(ledger.socket).post(Traffic.event("y", "area.registered", #""area":"y""#))
        #expect(appended.hasPrefix("HTTP/1.1 201"), "\(appended)")
        #expect(lines(ledger, "the log cannot be written") == 1, "\(ledger.messages)")
        #expect(lines(ledger, "the log can be written again") == 1, "\(ledger.messages)")
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
    }
}
