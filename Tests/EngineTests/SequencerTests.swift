import AgentKit
import Engine
import EventLog
import Glibc
import JSON
import LMDB
import Rules
import TestSupport
import Testing

@Suite("the sequencer")
struct SequencerTests {
    static let rules = ["order.yaml": CascadeTests.rules]

    func status(_ outcome: AppendAnswer.Outcome) -> String {
        switch outcome {
        case .appended(_, let count): "appended \(count)"
        case .dryRun(let entries): "tentative \(entries.count)"
        case .recorded(let sequence, let entries, let isNew):
            "\(isNew ? "recorded" : "exists") \(sequence) \(entries.count)"
        case .refused(let problem): "refused \(problem.kind.rawValue)"
        }
    }

    @Test("answers after the commit, with everything that was decided and a checkpoint")
    func answers() async throws {
        let folder = try TemporaryDirectory()
        let ledger = try OpenLedger(OpenLedger.create(at: folder.path, rules: Self.rules))
        let answer = await ledger.send([
            try ledger.event("test.ping", #"{"n":1}"#, id: "a", at: "2024-02-15T09:00:00Z"),
            try ledger.event("test.ping", #"{"n":0}"#, id: "b"),
        ])
        #expect(answer.outcomes.map(status) == ["appended 4", "appended 3"])
        #expect(answer.checkpoint == ledger.sequencer.committed.checkpoint)
        #expect(ledger.sequencer.committed.size == 10)
        ledger.sequencer.stop()
    }

    @Test("the first event on the events' clock must carry a time")
    func firstEvent() async throws {
        let folder = try TemporaryDirectory()
        let ledger = try OpenLedger(OpenLedger.create(at: folder.path, rules: Self.rules))
        let answer = await ledger.send([try ledger.event("test.ping", #"{"n":1}"#, id: "a")])
        #expect(answer.outcomes.map(status) == ["refused clock"])
        #expect(answer.checkpoint == nil)
        #expect(ledger.sequencer.committed.size == 0)
        ledger.sequencer.stop()
    }

    @Test("on the system clock the first entries are there before any event")
    func genesis() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules, clock: .system)
        try await OpenLedger.using(directory) { ledger in
            while ledger.sequencer.committed.size == 0 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(ledger.sequencer.committed.size == 3)
        }
    }

    @Test("a retry is answered with the original and its decisions, also after a restart")
    func retry() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        try await OpenLedger.using(directory) { ledger in
            let event = try ledger.event("test.ping", #"{"n":1}"#, id: "a", at: "2024-02-15T09:00:00Z")
            _ = await ledger.send([event])
            #expect(await ledger.send([event]).outcomes.map(status) == ["exists 3 4"])
        }
        try await OpenLedger.using(directory) { ledger in
            let same = try ledger.event("test.ping", #"{"n":1}"#, id: "a", at: "2024-02-15T09:00:00Z")
            #expect(await ledger.send([same]).outcomes.map(status) == ["exists 3 4"])
            let other = try ledger.event("test.ping", #"{"n":2}"#, id: "a", at: "2024-02-15T09:00:00Z")
            #expect(await ledger.send([other]).outcomes.map(status) == ["refused conflict"])
        }
    }

    @Test("an atomic batch with a refusal appends nothing")
    func atomic() async throws {
        let folder = try TemporaryDirectory()
        let ledger = try OpenLedger(OpenLedger.create(at: folder.path, rules: Self.rules))
        _ = await ledger.send([try ledger.event("test.ping", #"{"n":0}"#, id: "a", at: "2024-02-15T09:00:00Z")])
        let size = ledger.sequencer.committed.size
        let answer = await ledger.send(
            [try ledger.event("test.ping", #"{"n":0}"#, id: "b"), try ledger.event("test.ping", #"{"n":9}"#, id: "a")],
            atomic: true)
        #expect(answer.outcomes.map(status) == ["refused atomic", "refused conflict"])
        #expect(ledger.sequencer.committed.size == size)
        ledger.sequencer.stop()
    }

    @Test("a commit that storage refuses is answered with 503 and leaves the ledger as it was")
    func refusedCommit() async throws {
        let folder = try TemporaryDirectory()
        let faults = FaultyStore()
        let ledger = try OpenLedger(OpenLedger.create(at: folder.path, rules: Self.rules), faults: faults)
        _ = await ledger.send([try ledger.event("test.ping", #"{"n":0}"#, id: "a", at: "2024-02-15T09:00:00Z")])
        let size = ledger.sequencer.committed.size
        faults.fail(.put, effect: .lost, code: 28)
        let lost = await ledger.send([try ledger.event("test.ping", #"{"n":1}"#, id: "b")])
        #expect(lost.outcomes.map(status) == ["refused unavailable"])
        #expect(ledger.sequencer.committed.size == size)
        let after = await ledger.send([try ledger.event("test.ping", #"{"n":1}"#, id: "b")])
        #expect(after.outcomes.map(status) == ["appended 4"])
        #expect(ledger.sequencer.committed.size == size + 4)
        ledger.sequencer.stop()
    }

    @Test("views written behind and views rebuilt from the log are the same")
    func views() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": TimeTests.rules])
        let written = try await OpenLedger.using(directory, flushesAt: 50) { ledger in
            for batch in 0..<40 {
                let events = try (0..<20).map { index in
                    try ledger.event(
                        "test.wait", #"{"key":"k\#(index % 7)","seconds":\#(60 + batch)}"#, id: "\(batch)-\(index)",
                        at: "2024-02-15T09:\(10 + batch):00Z")
                }
                _ = await ledger.send(events)
            }
            return await ledger.sequencer.read(digest)
        }
        #expect(!written.isEmpty)
        let reopened = try await OpenLedger.using(directory) { await $0.sequencer.read(digest) }
        #expect(reopened.difference(from: written).isEmpty)
        try removeViews(directory)
        let rebuilt = try await OpenLedger.using(directory) { await $0.sequencer.read(digest) }
        #expect(rebuilt.difference(from: written).isEmpty)
    }

    private func removeViews(_ directory: DataDirectory) throws {
        for name in ["data.mdb", "lock.mdb"] { _ = unlink(directory.views + "/" + name) }
    }

    /// The bytes of every row of every table.
    private var digest: @Sendable (Machine) -> [String] {
        { machine in
            machine.tables.tables.flatMap { table in
                var lines: [String] = []
                table.forEachKey { key in
                    lines.append(table.name + " " + key + " " + String(describing: table.encoded(key)))
                    return true
                }
                return lines
            }
        }
    }
}
