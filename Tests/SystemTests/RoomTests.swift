import Foundation
import Glibc
import TestSupport
import Testing

/// A disk or a map that is full, and has room again.
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
