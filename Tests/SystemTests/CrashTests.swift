import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The service is killed", .ownThreads)
struct CrashTests {
    private static let kills = 50
    private static let eventsPerClient = 4000
    private static let clients = ["a", "b"]

    @Test("killed 50 times under load, it loses no answered append and keeps nothing half")
    func kills() throws {
        var random = SeededGenerator.announced()
        let ledger = try TestLedger(clock: "system")
        var clients = try Self.clients.map { try CrashClient($0, events: Self.eventsPerClient, in: ledger.folder) }
        try ledger.startService("--recompute")
        let setUp = try ledger.send("append", "--batch", "100", "-", input: Traffic.setUp.joined(separator: "\n"))
        try #require(setUp.status == 0, "\(setUp.messages)\(setUp.output)")
        try ledger.killService()

        for round in 1...Self.kills {
            try ledger.startService("--recompute")
            let running = try clients.map { try $0.start(ledger, batch: random.pick([1, 1, 3, 10])) }
            usleep(UInt32(random.int(in: 1_000...300_000)))
            try ledger.killService()
            let check = try ledger.run("views", "check")
            #expect(check.status == 0, "round \(round): \(check.output)\(check.messages)")
            for (index, process) in running.enumerated() {
                // 2: the connection broke. 0: everything was sent before the kill.
                #expect([0, 2].contains(process.wait()), "round \(round)")
                try clients[index].collect(retrying: random.int(in: 0...20))
            }
        }

        let answered = clients.reduce(0) { $0 + $1.answers.count }
        print("kills: \(Self.kills), answered before the last: \(answered)")
        #expect(answered > Self.kills)
        try finish(ledger, &clients)
        try checkLog(ledger, clients)
        try checkViews(ledger)
    }

    /// Sends everything again to a service that is not killed: entries that are there already must stay what they were.
    private func finish(_ ledger: TestLedger, _ clients: inout [CrashClient]) throws {
        try ledger.startService("--recompute")
        for client in clients {
            let result = try ledger.send("append", "--json", "--batch", "500", client.file)
            #expect(result.status == 0, "\(result.messages)")
            let lines = try AppendLine.read(result.output)
            #expect(lines.count == Self.eventsPerClient)
            for line in lines {
                guard let id = line.id, let before = client.answers[id] else { continue }
                #expect(line.status == "exists", "\(id) was answered and is appended again")
                #expect(line.sequence == before.sequence && line.hash == before.hash, "\(id) moved")
            }
        }
        #expect(try ledger.stopService() == 0)
    }

    /// Every answered event once, at its place; every cascade whole; the whole verifies.
    private func checkLog(_ ledger: TestLedger, _ clients: [CrashClient]) throws {
        let entries = try LogEntry.read(ledger.exportedLog())
        #expect(entries.enumerated().allSatisfy { $0.offset == $0.element.number })
        var places: [String: Int] = [:]
        var followers: [Int: Int] = [:]
        for entry in entries {
            if let cause = entry.causationid.flatMap({ Int($0) }) { followers[cause, default: 0] += 1 }
            guard entry.isTrigger else { continue }
            #expect(places.updateValue(entry.number, forKey: entry.id) == nil, "\(entry.id) is in the log twice")
        }
        for client in clients {
            for (id, answer) in client.answers {
                #expect(places[id] == answer.sequence, "\(id) was answered and is gone")
            }
        }
        let money = entries.filter { $0.type == "wallet.payment.requested" }
        #expect(money.allSatisfy { followers[$0.number, default: 0] >= 1 }, "a payment without what came of it")
        let verdict = try ledger.run("verify", "--key", ledger.key)
        #expect(verdict.status == 0, "\(verdict.output)\(verdict.messages)")
    }

    /// The views that survived, views rebuilt from nothing, and a replay of the log hold the same.
    private func checkViews(_ ledger: TestLedger) throws {
        let replayed = try ledger.run("replay", "--json")
        #expect(replayed.status == 0, "\(replayed.messages)")
        #expect(replayed.lines.count > 100)
        for isRebuilt in [false, true] {
            if isRebuilt { try FileManager.default.removeItem(atPath: ledger.data + "/views") }
            try ledger.startService()
            var differing: [String] = []
            for line in replayed.lines {
                let record = try JSONDecoder().decode(ReplayedRecord.self, from: Data(line.utf8))
                let served = try HTTPExchange(ledger.socket).body("/v1/projections/\(record.projection)/\(record.path)")
                if !line.hasSuffix(#""record":\#(served)}"#) { differing.append(record.projection + " " + record.key) }
            }
            #expect(!ledger.messages.contains("the views were changed"), "\(ledger.messages)")
            #expect(differing.isEmpty, "\(isRebuilt ? "rebuilt" : "kept") views differ in \(differing.prefix(5))")
            #expect(try ledger.stopService() == 0)
        }
        let accounts = try ledger.run("accounts")
        #expect(accounts.status == 0, "\(accounts.messages)")
    }
}

/// One client process's share of the load, and the answers that it was given.
private struct CrashClient {
    let name: String
    let file: String
    private let events: [String]
    private let folder: TemporaryDirectory
    private var next = 0
    /// Answers by event id.
    private(set) var answers: [String: (sequence: Int, hash: String)] = [:]

    init(_ name: String, events count: Int, in folder: TemporaryDirectory) throws {
        self.name = name
        self.folder = folder
        events = Traffic.events(of: name, count: count)
        file = folder.file(name + ".ndjson")
        try Data(events.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
    }

    /// Sends the remaining events.
    func start(_ ledger: TestLedger, batch: Int) throws -> ChildProcess {
        let rest = folder.file(name + ".rest")
        try Data(events[next...].joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: rest))
        return try ledger.docket.start(
            ["append", "--json", "--batch", String(batch), "--socket", ledger.socket, rest],
            output: folder.file(name + ".out"), messages: folder.file(name + ".err"))
    }

    /// Collects the answers, and goes back by some events, which will be sent again.
    mutating func collect(retrying overlap: Int) throws {
        let lines = try AppendLine.read(String(contentsOfFile: folder.file(name + ".out"), encoding: .utf8))
        for line in lines {
            #expect(["appended", "exists"].contains(line.status), "\(name): \(line)")
            guard let id = line.id, let sequence = line.sequence, let hash = line.hash else { continue }
            if let before = answers[id] { #expect(before == (sequence, hash), "\(id) has another place") }
            answers[id] = (sequence, hash)
        }
        next = max(0, min(next + lines.count, events.count - 1) - overlap)
    }
}

/// A line of `docket replay --json`.
private struct ReplayedRecord: Decodable {
    let projection: String
    let key: String

    /// The key as a part of a path.
    var path: String {
        key.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~")))
            ?? key
    }
}
