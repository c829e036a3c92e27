import AgentKit
import Engine
import EngineTestSupport
import EventLog
import Foundation
import JSON
import Rules
import TestSupport
import Testing

/// An agent that consists of a rule file alone: the contents of its tables after anything that can happen to an entry.
@Suite("agents of rule files")
struct RuleAgentTests {
    static let gift = """
        agent: gift
        version: 1.0.0
        class: standing
        parameters: {window: duration("24h")}
        triggers:
          gift.promised: {once: giftId, data: {giftId: id, fromUserId: id, toUserId: id}}
          gift.sent: {giftId: id}
          gift.flooded: {giftId: id}
        decisions:
          gift.accepted: {giftId: id, fromUserId: id, toUserId: id}
          gift.refused: {giftId: id, reason: unknown|closed}
          gift.recorded: {giftId: id}
          gift.lapsed: {giftId: id}
          gift.spread: {giftId: string, n: int}
          gift.counted: {giftId: id}
        tables:
          gifts:
            key: giftId
            row: {fromUserId: id, toUserId: id, open: bool}
            index: [toUserId, open]
        fold:
          gift.accepted: {put: gifts, row: [fromUserId, toUserId, open: 'true']}
          gift.recorded: {change: gifts, row: {open: 'false'}}
          gift.spread: {put: gifts, row: {fromUserId: data.giftId, toUserId: data.giftId, open: 'true'}}
          gift.lapsed: {remove: gifts}
        refused: gift.refused
        rules:
          - id: promise
            on: gift.promised
            emit: [{gift.accepted: [giftId, fromUserId, toUserId]}]
            timers: [{name: lapse, key: data.giftId, at: event.recordedtime + params.window}]
          - id: send
            on: gift.sent
            refuse:
              - {when: '!(data.giftId in gifts)', reason: unknown}
              - {when: '!gifts[data.giftId].open', reason: closed}
            emit: [{gift.recorded: [giftId]}]
            cancel: [{name: lapse, key: data.giftId}]
          - {id: lapse, on: timer.fired, when: data.agent == "gift", emit: [{gift.lapsed: {giftId: data.key}}]}
          - {id: flood, on: gift.flooded, emit: [{gift.spread: {giftId: data.giftId, n: 0}}]}
          - {id: spread, on: gift.spread, emit: [{gift.spread: {giftId: data.giftId + "-", n: data.n + 1}}]}
          - {id: count, on: schedule.daily, over: gifts, emit: [{gift.counted: {giftId: data.key}}]}
        """

    /// A later version of it, with two more members and another index.
    static let wider = gift.replacing("version: 1.0.0", with: "version: 1.1.0")
        .replacing("open: bool}", with: "open: bool, thanks: int, note: optional string, since: timestamp}")
        .replacing("index: [toUserId, open]", with: "index: [toUserId, thanks, fromUserId]")
        .replacing("toUserId, open: 'true']", with: "toUserId, open: 'true', thanks: 7, since: event.recordedtime]")
        .replacing("open: 'true'}", with: "open: 'true', thanks: 0, since: event.recordedtime}")

    /// Another agent of the same name with rows of another shape.
    static let other = gift.replacing("fromUserId: id, toUserId: id, open: bool}", with: "open: int}")
        .replacing("index: [toUserId, open]", with: "index: [open]")
        .replacing("row: [fromUserId, toUserId, open: 'true']", with: "row: {open: 5}")
        .replacing("row: {open: 'false'}", with: "row: {open: 6}")
        .replacing("row: {fromUserId: data.giftId, toUserId: data.giftId, open: 'true'}", with: "row: {open: 7}")
        .replacing("'!gifts[data.giftId].open'", with: "'gifts[data.giftId].open != 5'")

    static let without = "agent: order\nversion: 1.0.0\ntriggers: {test.ping: {n: int}}\n"

    private let folder: TemporaryDirectory
    private let directory: DataDirectory

    init() throws {
        folder = try TemporaryDirectory()
        directory = try OpenLedger.create(at: folder.path, rules: ["gift.yaml": Self.gift])
    }

    private func using<R>(flushesAt: Int = 1000, _ body: (OpenLedger) async throws -> R) async throws -> R {
        try await OpenLedger.using(directory, flushesAt: flushesAt, body)
    }

    static func promise(_ id: String, to user: String = "U-b") -> String {
        #"{"giftId":"\#(id)","fromUserId":"U-a","toUserId":"\#(user)"}"#
    }

    @discardableResult
    private func send(
        _ ledger: OpenLedger, _ type: String, _ data: String, id: String, at time: String? = nil
    ) async throws -> AppendAnswer {
        await ledger.send([try ledger.event(type, data, id: id, at: time)])
    }

    @discardableResult
    private func activate(_ files: [String: String], from time: String? = nil, _ ledger: OpenLedger) async throws
        -> RuleSetActivation
    {
        try await ledger.sequencer.activate(
            ActivationRequest(
                .files(files.map { RuleFile(name: $0.key, text: $0.value) }), principal: "local",
                effectiveFrom: time.map { try #require(Instant(rfc3339: $0)) }))
    }

    /// The contents of the declared tables, with the keys that their indexes find.
    static func tables(_ machine: Machine) -> [String] {
        var lines: [String] = []
        for table in machine.ruleSet?.tables ?? [] {
            machine.projection(table.name)?.forEachKey { key in
                let record = machine.record(table.name, key).map { String(decoding: $0, as: UTF8.self) } ?? ""
                lines.append("\(key) \(record)")
                return true
            }
            for member in table.indexes {
                for value in ["U-a", "U-b", "U-c", "true", "false", "0", "5", "6", "7"] {
                    let keys = table.rows?.keys(member, value) ?? []
                    if !keys.isEmpty { lines.append("\(member)=\(value): \(keys.joined(separator: " "))") }
                }
            }
        }
        return lines
    }

    private func tables(_ ledger: OpenLedger) async -> [String] { await ledger.sequencer.read { Self.tables($0) } }

    /// The tables after folding the log again, and after deriving everything from the triggers again.
    private func replayed(_ ledger: OpenLedger) throws -> (folded: [String], derived: [String]) {
        var documents: [Document] = []
        try ledger.sequencer.committed.scan(from: 0) { _, bytes in
            documents.append(try! Document(canonical: bytes))
            return true
        }
        let log = EntriesInMemory(documents)
        let settings = LedgerSettings(origin: "docket.example/tests", verifierKey: "", clock: .events)
        let folding = Machine(settings: settings, history: log, chain: log.head)
        for document in documents { try folding.replay(document) }
        return (Self.tables(folding), try derive(documents, log, settings))
    }

    /// Plays every trigger on a machine that derives all else itself, and compares the entries byte for byte.
    private func derive(_ documents: [Document], _ log: EntriesInMemory, _ settings: LedgerSettings) throws -> [String]
    {
        let machine = Machine(settings: settings, history: log, chain: log.head)
        var position = 0
        while position < documents.count {
            let document = documents[position]
            let isRuleSet = document.root["type"]?.string?.hasPrefix("ruleset.") ?? false
            if isRuleSet || document.root["type"]?.string == "ledger.created" {
                machine.resume(behind: log.head)
                try machine.replay(document)
                position += 1
                continue
            }
            machine.resume(behind: .behind(documents[position - 1].bytes, at: UInt64(position - 1)))
            let isClock = document.root["source"]?.isString("/clock") ?? false
            let time = try #require(document.root["recordedtime"]?.string.flatMap { Instant(rfc3339: $0) })
            let cascade = try #require(isClock ? machine.fireNext(by: time) : machine.append(recorded: document))
            for index in 0..<machine.chain.count {
                let bytes = machine.chain.withEntry(index) { [UInt8]($0) }
                #expect(bytes == documents[position + index].bytes, "entry \(position + index)")
            }
            position += cascade.count
            machine.commitUndoLog()
        }
        return Self.tables(machine)
    }

    @Test("a row is put, changed and removed by decisions, and a repeated fact is folded once")
    func life() async throws {
        try await using { ledger in
            try await send(ledger, "gift.promised", Self.promise("G-1"), id: "a", at: "2024-02-15T09:00:00Z")
            try await send(ledger, "gift.promised", Self.promise("G-1"), id: "b")
            try await send(ledger, "gift.promised", Self.promise("G-2", to: "U-c"), id: "c")
            try await send(ledger, "gift.sent", #"{"giftId":"G-1"}"#, id: "d")
            try await send(ledger, "gift.sent", #"{"giftId":"G-1"}"#, id: "e")
            let row = #"{"fromUserId":"U-a","open":false,"toUserId":"U-b"}"#
            #expect(
                await tables(ledger) == [
                    "G-1 " + row, #"G-2 {"fromUserId":"U-a","open":true,"toUserId":"U-c"}"#, "toUserId=U-b: G-1",
                    "toUserId=U-c: G-2", "open=true: G-2", "open=false: G-1",
                ])
            try await send(ledger, "gift.sent", #"{"giftId":"G-9"}"#, id: "f", at: "2024-02-17T09:00:00Z")
            let left = await tables(ledger)
            #expect(left == ["G-1 " + row, "toUserId=U-b: G-1", "open=false: G-1"])
            let (folded, derived) = try replayed(ledger)
            #expect(folded == left && derived == left)
        }
    }

    @Test("a schedule runs once a row, in the order of their keys")
    func over() async throws {
        try await using { ledger in
            try await send(ledger, "gift.promised", Self.promise("G-2"), id: "a", at: "2024-02-15T15:00:00Z")
            try await send(ledger, "gift.promised", Self.promise("G-1"), id: "b")
            try await send(ledger, "gift.sent", #"{"giftId":"G-1"}"#, id: "c", at: "2024-02-15T20:00:00Z")
            var counted: [String] = []
            try ledger.sequencer.committed.scan(from: 0) { _, bytes in
                let entry = try! Document(canonical: bytes).root
                if entry["type"]?.string == "gift.counted" { counted.append(entry["data"]?["giftId"]?.string ?? "") }
                return true
            }
            #expect(counted == ["G-1", "G-2"])
        }
    }

    @Test("what an atomic batch, a dry run or a cascade past its limits folded is taken back, with the indexes")
    func takenBack() async throws {
        try await using { ledger in
            try await send(ledger, "gift.promised", Self.promise("G-1"), id: "a", at: "2024-02-15T09:00:00Z")
            let before = await tables(ledger)
            let good = try ledger.event("gift.promised", Self.promise("G-2"), id: "b")
            let sent = try ledger.event("gift.sent", #"{"giftId":"G-1"}"#, id: "c")
            var batch = AppendRequest([.success(good), .success(sent), .failure(Problem(.malformed, "no event"))])
            batch.isAtomic = true
            _ = await ledger.sequencer.append(batch)
            #expect(await tables(ledger) == before)
            var dry = AppendRequest([.success(good), .success(sent)])
            dry.isDryRun = true
            let answer = await ledger.sequencer.append(dry)
            #expect(answer.outcomes.count == 2)
            #expect(await tables(ledger) == before)
            let flood = await ledger.send([try ledger.event("gift.flooded", #"{"giftId":"U-c"}"#, id: "d")])
            guard case .appended(_, let count) = flood.outcomes[0] else {
                Issue.record("\(flood.outcomes)")
                return
            }
            #expect(count == 2)
            #expect(await tables(ledger) == before)
            let (folded, derived) = try replayed(ledger)
            #expect(folded == before && derived == before)
        }
    }

    @Test("rows are there after a restart, from views of any age and from none")
    func restarts() async throws {
        var expected: [String] = []
        for round in 0..<3 {
            expected = try await using(flushesAt: round == 1 ? 1 : 1000) { ledger in
                if round > 0 { #expect(await tables(ledger) == expected) }
                for number in 0..<20 {
                    let id = "G-\(round)-\(number)"
                    let time = "2024-02-15T09:\(10 + round):\(10 + number)Z"
                    try await send(ledger, "gift.promised", Self.promise(id, to: "U-c"), id: "p" + id, at: time)
                    if number % 3 == 0 {
                        try await send(ledger, "gift.sent", #"{"giftId":"\#(id)"}"#, id: "s" + id)
                    }
                }
                return await tables(ledger)
            }
        }
        #expect(expected.count == 63)
        try FileManager.default.removeItem(atPath: directory.views)
        try await using { ledger in
            #expect(await tables(ledger) == expected)
            let folded = try replayed(ledger).folded
            #expect(folded == expected)
        }
    }

    @Test("a later rule set adds members and indexes, which start empty, and rows that are there keep the rest")
    func widened() async throws {
        let start = #""open":false,"#
        let empty = #""since":"0001-01-01T00:00:00.000Z","thanks":0,"#
        try await using { ledger in
            try await send(ledger, "gift.promised", Self.promise("G-1"), id: "a", at: "2024-02-15T09:00:00Z")
            try await send(ledger, "gift.sent", #"{"giftId":"G-1"}"#, id: "b")
            try await activate(["gift.yaml": Self.wider], ledger)
            let row = "G-1 {\"fromUserId\":\"U-a\"," + start + empty + "\"toUserId\":\"U-b\"}"
            #expect(
                await tables(ledger) == [row, "toUserId=U-b: G-1", "thanks=0: G-1", "fromUserId=U-a: G-1"])
            try await send(ledger, "gift.promised", Self.promise("G-2"), id: "c")
        }
        try await using { ledger in
            let now = await tables(ledger)
            #expect(now.contains("thanks=7: G-2") && now.contains("fromUserId=U-a: G-1 G-2"), "\(now)")
            let (folded, derived) = try replayed(ledger)
            #expect(folded == now && derived == now)
        }
        try FileManager.default.removeItem(atPath: directory.views)
        try await using { ledger in #expect(await tables(ledger).contains("thanks=7: G-2")) }
    }

    @Test("a table that a rule set does not declare ends, and one that comes back begins empty, in another shape too")
    func goneAndBack() async throws {
        try await using { ledger in
            try await send(ledger, "gift.promised", Self.promise("G-1"), id: "a", at: "2024-02-15T09:00:00Z")
            try await activate(["order.yaml": Self.without], ledger)
            #expect(await ledger.sequencer.read { $0.projection("gifts") == nil })
            #expect(await ledger.sequencer.read { $0.record("gifts", "G-1") } == nil)
            try await activate(["gift.yaml": Self.other], ledger)
            #expect(await tables(ledger) == [])
            try await send(ledger, "gift.promised", Self.promise("G-2"), id: "b")
        }
        try await using { ledger in
            let now = await tables(ledger)
            #expect(now == [#"G-2 {"open":5}"#, "open=5: G-2"])
            try await activate(["order.yaml": Self.without], ledger)
            try await activate(["gift.yaml": Self.gift], ledger)
            #expect(await tables(ledger) == [])
            try await send(ledger, "gift.promised", Self.promise("G-3"), id: "c")
            let last = await tables(ledger)
            #expect(last.count == 3)
            let (folded, derived) = try replayed(ledger)
            #expect(folded == last && derived == last)
        }
        try FileManager.default.removeItem(atPath: directory.views)
        try await using { ledger in #expect(await tables(ledger).count == 3) }
    }

    /// The error of a refused activation or cancellation.
    private func refusal(_ body: () async throws -> Void) async -> String {
        do { try await body() } catch { return "\(error)" }
        return ""
    }

    @Test("a rule set that takes away or retypes a member of a table that is kept is refused, whatever comes between")
    func refused() async throws {
        try await using { ledger in
            try await send(ledger, "gift.promised", Self.promise("G-1"), id: "a", at: "2024-02-15T09:00:00Z")
            let retyped = await refusal { try await activate(["gift.yaml": Self.other], ledger) }
            #expect(retyped.contains("gift.yaml:19:"), "\(retyped)")
            #expect(retyped.contains("`open` of `gifts` was `bool`: rows that are there keep that type"), "\(retyped)")
            #expect(retyped.contains("`gifts` no longer declares `fromUserId`"))
            let later = await refusal {
                try await activate(["gift.yaml": Self.other], from: "2024-02-16T09:00:00Z", ledger)
            }
            #expect(later.contains("`open` of `gifts` was `bool`"))

            // With a rule set between that ends the table it can follow, as long as that one stands.
            let gone = try await activate(["order.yaml": Self.without], from: "2024-02-16T09:00:00Z", ledger)
            try await activate(["gift.yaml": Self.other], from: "2024-02-17T09:00:00Z", ledger)
            let cancelled = await refusal {
                let sequence = try #require(gone.sequence)
                _ = try await ledger.sequencer.cancelSchedule(sequence, principal: "local")
            }
            #expect(cancelled.contains("could not follow: "), "\(cancelled)")
            let between = await refusal {
                try await activate(["gift.yaml": Self.wider], from: "2024-02-16T12:00:00Z", ledger)
            }
            #expect(between.contains("comes into force at 2024-02-17T09:00:00.000Z could not follow"), "\(between)")
            try await activate(["gift.yaml": Self.wider], ledger)
            try await send(ledger, "gift.promised", Self.promise("G-2"), id: "b", at: "2024-02-17T10:00:00Z")
            let now = await tables(ledger)
            #expect(now == [#"G-2 {"open":5}"#, "open=5: G-2"])
            let folded = try replayed(ledger).folded
            #expect(folded == now)
        }
    }

    @Test("a rule set in force at the genesis of a ledger has its tables from the first event on")
    func genesis() throws {
        let bench = try Bench(["gift.yaml": Self.gift])
        try bench.send("gift.promised", Self.promise("G-1"), at: "2024-02-15T09:00:00Z")
        let before = Self.tables(bench.machine)
        #expect(before.count == 3)
        let sent = try bench.event("gift.sent", #"{"giftId":"G-1"}"#)
        bench.machine.dryRun {
            _ = bench.machine.append(sent, at: bench.machine.clock)
            #expect(Self.tables(bench.machine).contains("open=false: G-1"))
        }
        #expect(Self.tables(bench.machine) == before)
    }

    @Test("a backlog serves requests of its types by its class")
    func classes() throws {
        let bench = try Bench(["gift.yaml": Self.gift.replacing("class: standing", with: "class: recommendation")])
        let type = try #require(bench.machine.ruleSet?.eventType(named: "gift.promised"))
        #expect(type.ownerClass == .recommendation)
    }
}

/// A log in memory.
private final class EntriesInMemory: History {
    private let documents: [Document]
    init(_ documents: [Document]) { self.documents = documents }
    var head: EntryChain { .behind(documents.last?.bytes ?? [], at: UInt64(documents.count - 1)) }
    func entry(_ sequence: EntrySequence) -> Document? {
        sequence.value < documents.count ? documents[Int(sequence.value)] : nil
    }
}
