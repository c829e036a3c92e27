import AgentKit
import Engine
import EventLog
import JSON
import TestSupport
import Testing

/// The answers and effects of an ordinary request, an atomic one and a dry run of either, for the same events.
@Suite("requests decided whole")
struct WholeRequestTests {
    private static let rules = [
        "order.yaml": TimeTests.rules
            + "\n  - id: wide\n    on: test.wide\n    emit:\n      - {each: 'lists.range(data.n)'"
            + ", test.rang: '{\"key\": data.pad, \"date\": \"\"}'}",
        "verification.yaml": ErasureTests.rules["verification.yaml"]!,
        "compliance.yaml": ErasureTests.rules["compliance.yaml"]!,
    ].mapValues { $0.replacing("test.note: {n: int}", with: "test.note: {n: int}\n  test.wide: {n: int, pad: string}") }

    /// An event before a ledger admits it.
    fileprivate struct Sent {
        var type = "test.note"
        var data = #"{"n":1}"#
        let id: String
        var time: String?
        var subject: String?

        func prepared(for ledger: OpenLedger) -> Result<PreparedEvent, Problem> {
            let more = subject.map { #","subject":"\#($0)""# } ?? ""
            do { return .success(try ledger.event(type, data, id: id, at: time, more: more)) } catch {
                return .failure(error as? Problem ?? Problem(.malformed, "\(error)"))
            }
        }
    }

    private static func append(
        _ ledger: OpenLedger, _ events: [Sent], expected: ExpectedSequence = .any, isAtomic: Bool = false,
        isDryRun: Bool = false
    ) async -> AppendAnswer {
        var request = AppendRequest(events.map { $0.prepared(for: ledger) })
        request.isAtomic = isAtomic
        request.isDryRun = isDryRun
        request.expected = expected
        return await ledger.sequencer.append(request)
    }

    private static func using<R>(_ body: (OpenLedger) async throws -> R) async throws -> R {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: rules)
        return try await OpenLedger.using(directory, sealing: ErasureTests.Keys(), body)
    }

    private static let start = "2024-02-15T09:00:00Z"
    private static let first = Sent(id: "first", time: start)

    private static func register(_ id: String, _ user: String) -> Sent {
        Sent(
            type: "user.registered", data: #"{"userId":"\#(user)","role":"buyer","area":"a","name":"N"}"#, id: id,
            time: start)
    }

    /// The events of one request on a ledger that has appended `before`, and the verdict of an ordinary request on
    /// each.
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        fileprivate var before = [WholeRequestTests.first]
        fileprivate let events: [Sent]
        fileprivate var expected = ExpectedSequence.any
        let verdicts: [String]
    }

    static let cases = [
        Case(
            testDescription: "one id with other content", events: [Sent(id: "a"), Sent(data: #"{"n":2}"#, id: "a")],
            verdicts: ["appended", "refused conflict"]),
        Case(
            testDescription: "one id with another type",
            events: [Sent(id: "a"), Sent(type: "test.stop", data: #"{"key":"k"}"#, id: "a"), Sent(id: "b")],
            verdicts: ["appended", "refused conflict", "appended"]),
        Case(
            testDescription: "the same event twice",
            events: [Sent(id: "a"), Sent(id: "a"), Sent(id: "first", time: start)],
            verdicts: ["appended", "exists", "exists"]),
        Case(
            testDescription: "more than ten years on from the event before",
            events: [Sent(id: "a", time: "2026-01-01T00:00:00Z"), Sent(id: "b", time: "2036-03-01T00:00:00Z")],
            verdicts: ["appended", "refused clock"]),
        Case(
            testDescription: "more than ten years on in two steps", before: [Sent(id: "first", time: start)],
            events: [Sent(id: "a", time: "2025-02-15T09:00:00Z"), Sent(id: "b", time: "2034-12-31T00:00:00Z")],
            verdicts: ["appended", "appended"]),
        Case(
            testDescription: "an empty ledger's first event with `time`, the second without", before: [],
            events: [Sent(id: "a", time: start), Sent(id: "b")], verdicts: ["appended", "appended"]),
        Case(
            testDescription: "an empty ledger's first event without `time`", before: [],
            events: [Sent(id: "a"), Sent(id: "b", time: start), Sent(id: "c")],
            verdicts: ["refused clock", "appended", "appended"]),
        Case(
            testDescription: "one dead letter retried twice",
            before: [first, Sent(type: "test.wide", data: #"{"n":4200,"pad":""}"#, id: "w")],
            events: [retry("r1"), retry("r2"), Sent(id: "b")],
            verdicts: ["appended", "refused invalid-event", "appended"]),
        Case(
            testDescription: "personal data of one who is erased before it",
            events: [
                register("u1", "U-1"), erase("U-1"), register("u2", "U-1"), register("u3", "U-2"),
                register("u1", "U-1"),
            ], verdicts: ["appended", "appended", "refused erased", "appended", "exists"]),
        Case(
            testDescription: "a timer that a batch sets and a later event of it reaches",
            events: [
                Sent(type: "test.wait", data: #"{"key":"k","seconds":60}"#, id: "a"),
                Sent(id: "b", time: "2024-02-15T09:30:00Z"), Sent(data: #"{"n":7}"#, id: "b"),
            ], verdicts: ["appended", "appended", "refused conflict"]),
        Case(
            testDescription: "two events of one new subject, none expected",
            events: [Sent(id: "a", subject: "S"), Sent(id: "b", subject: "S"), Sent(id: "c")], expected: .none,
            verdicts: ["appended", "appended", "appended"]),
        Case(
            testDescription: "two subjects, one of which has moved on",
            before: [Sent(id: "first", time: start, subject: "S")],
            events: [Sent(id: "a", subject: "T"), Sent(id: "b", subject: "S"), Sent(id: "c", subject: "T")],
            expected: .none, verdicts: ["appended", "refused unexpected-sequence", "appended"]),
        Case(
            testDescription: "an event that exists does not miss the expectation",
            before: [Sent(id: "first", time: start, subject: "S")],
            events: [Sent(id: "first", time: start, subject: "S"), Sent(id: "a", subject: "T")], expected: .none,
            verdicts: ["exists", "appended"]),
        Case(
            testDescription: "one that the door refuses", events: [Sent(id: "a"), Sent(type: "test.no", id: "b")],
            verdicts: ["appended", "refused unknown-type"]),
    ]

    private static func retry(_ id: String) -> Sent {
        Sent(type: "deadletter.retried", data: #"{"sequence":"\#(deadLetter)"}"#, id: id)
    }

    /// The first entry after the genesis (two entries, and one for each rule file) and the first note.
    private static let deadLetter = "0000000000000006"

    private static func erase(_ user: String) -> Sent {
        Sent(type: "erasure.requested", data: #"{"requestId":"E","userId":"\#(user)"}"#, id: "e-" + user)
    }

    @Test(
        "each event is decided upon the ones before it in every mode, and a refused atomic request leaves nothing",
        arguments: cases)
    func modes(_ given: Case) async throws {
        let isGood = !given.verdicts.contains { $0.hasPrefix("refused") }
        let whole = given.verdicts.map { isGood || $0.hasPrefix("refused") ? $0 : "refused atomic" }
        let ordinary = try await Self.using { ledger in
            if !given.before.isEmpty { _ = await Self.append(ledger, given.before) }
            let size = ledger.sequencer.committed.size
            let dry = await Self.append(ledger, given.events, expected: given.expected, isDryRun: true)
            #expect(dry.verdicts == given.verdicts)
            #expect(ledger.sequencer.committed.size == size)
            let answer = await Self.append(ledger, given.events, expected: given.expected)
            #expect(answer.verdicts == given.verdicts)
            #expect(dry.entries == answer.entries)
            // Sent again, what is there is found whatever was expected; an empty ledger is another one afterwards.
            guard !given.before.isEmpty else { return try Self.entries(ledger) }
            let again = await Self.append(ledger, given.events, expected: given.expected)
            #expect(again.verdicts == given.verdicts.map { $0 == "appended" ? "exists" : $0 })
            return try Self.entries(ledger)
        }
        try await Self.using { ledger in
            if !given.before.isEmpty { _ = await Self.append(ledger, given.before) }
            let before = try Self.entries(ledger)
            for isDryRun in [true, false] {
                let answer = await Self.append(
                    ledger, given.events, expected: given.expected, isAtomic: true, isDryRun: isDryRun)
                #expect(answer.verdicts == whole)
                // Nothing refused names an entry that is not there.
                if !isGood { #expect(answer.sequences.allSatisfy { $0 < before.count }) }
            }
            #expect(try Self.entries(ledger) == (isGood ? ordinary : before))
            let after = await Self.append(ledger, given.events, expected: given.expected)
            #expect(after.verdicts == given.verdicts.map { isGood && $0 == "appended" ? "exists" : $0 })
            #expect(try Self.entries(ledger) == ordinary)
        }
    }

    @Test("a refused atomic request and a dry run take back what the clock fired for them")
    func clock() async throws {
        try await Self.using { ledger in
            let wait = Sent(type: "test.wait", data: #"{"key":"k","seconds":60}"#, id: "w", time: Self.start)
            _ = await Self.append(ledger, [wait])
            let before = try Self.entries(ledger)
            let late = [Sent(id: "a", time: "2024-03-20T00:00:00Z"), Sent(data: #"{"n":2}"#, id: "a")]
            for (isAtomic, isDryRun) in [(true, false), (true, true), (false, true)] {
                _ = await Self.append(ledger, late, isAtomic: isAtomic, isDryRun: isDryRun)
                #expect(try Self.entries(ledger) == before)
            }
            let next = await Self.append(ledger, [Sent(id: "b")])
            #expect(Self.times(next) == ["2024-02-15T09:00:00.000Z"])
            _ = await Self.append(ledger, [Sent(id: "c", time: "2024-02-15T09:05:00Z")])
            let types = try Self.entries(ledger).dropFirst(before.count).map {
                try Document.parse($0).root["type"]?.string
            }
            #expect(types == ["test.note", "timer.fired", "test.rang", "test.note"])
        }
    }

    @Test("what one commit cannot hold is refused on trial, and one by one it is taken")
    func tooLarge() async throws {
        try await Self.using { ledger in
            let pad = String(repeating: "x", count: 60_000)
            let wide = (0..<14).map { number in
                Sent(
                    type: "test.wide", data: #"{"n":100,"pad":"\#(pad)"}"#, id: "w\(number)", time: Self.start)
            }
            for isDryRun in [true, false] {
                let verdicts = await Self.append(ledger, wide, isAtomic: true, isDryRun: isDryRun).verdicts
                #expect(verdicts.first == "refused atomic")
                #expect(verdicts.suffix(3).allSatisfy { $0 == "refused too-large" })
                #expect(ledger.sequencer.committed.size == 0)
            }
            let single = await Self.append(ledger, wide)
            #expect(single.verdicts.allSatisfy { $0 == "appended" })
            #expect(ledger.sequencer.committed.size == 5 + 14 * 101)
        }
    }

    @Test(
        "of random requests, atomic ones are kept as ordinary ones would be or not at all, and dry runs say what comes")
    func random() async throws {
        var random = SeededGenerator.announced()
        try await Self.using { whole in
            try await Self.using { single in
                var clock = 0
                for _ in 0..<60 {
                    let events = (0..<random.int(in: 1...6)).map { _ in Self.event(&random, &clock) }
                    let expected: ExpectedSequence = random.pick([.any, .any, .none, .sequence(EntrySequence(12))])
                    func send(_ ledger: OpenLedger, atomic: Bool, dry: Bool) async -> AppendAnswer {
                        await Self.append(ledger, events, expected: expected, isAtomic: atomic, isDryRun: dry)
                    }
                    let dry = await send(whole, atomic: false, dry: true)
                    let dryWhole = await send(whole, atomic: true, dry: true)
                    let kept = await send(whole, atomic: true, dry: false)
                    #expect(kept.verdicts == dryWhole.verdicts && kept.entries == dryWhole.entries, "\(events)")
                    if dry.hasRefusals {
                        let own = dry.verdicts.map { $0.hasPrefix("refused") ? $0 : "refused atomic" }
                        #expect(kept.verdicts == own, "\(events)")
                    }
                    guard !kept.hasRefusals || random.once(in: 2) else { continue }
                    let ordinary = await send(single, atomic: false, dry: false)
                    #expect(ordinary.verdicts == dry.verdicts && ordinary.entries == dry.entries, "\(events)")
                    if kept.hasRefusals { _ = await send(whole, atomic: false, dry: false) }
                    let logs = (try Self.entries(whole), try Self.entries(single))
                    #expect(logs.0 == logs.1, "\(events)")
                }
            }
        }
    }

    private static func event(_ random: inout SeededGenerator, _ clock: inout Int) -> Sent {
        clock += random.once(in: 4) ? random.int(in: 0...200) : 0
        let time =
            random.once(in: 30)
            ? "2099-01-01T00:00:00Z" : Instant(milliseconds: 1_707_987_600_000 + Int64(clock) * 60_000).text
        let user = "U-\(random.int(in: 0...4))"
        let id = "\(random.int(in: 0...150))"
        var sent: Sent
        switch random.int(in: 0...5) {
        case 0:
            let seconds = random.pick([30, 600, 20_000])
            sent = Sent(type: "test.wait", data: #"{"key":"\#(user)","seconds":\#(seconds)}"#, id: id)
        case 1: sent = Sent(type: "test.stop", data: #"{"key":"\#(user)"}"#, id: id)
        case 2:
            let name = random.once(in: 2) ? #","name":"N""# : ""
            sent = Sent(
                type: "user.registered", data: #"{"userId":"\#(user)","role":"buyer","area":"a"\#(name)}"#, id: id)
        case 3 where random.once(in: 6): sent = erase(user)
        case 4 where random.once(in: 8): sent = Sent(type: "test.none", id: id)
        default: sent = Sent(data: #"{"n":\#(random.int(in: 0...1))}"#, id: id)
        }
        sent.time = random.once(in: 3) ? nil : time
        if random.once(in: 3) { sent.subject = user }
        return sent
    }

    private static func entries(_ ledger: OpenLedger) throws -> [[UInt8]] {
        var entries: [[UInt8]] = []
        unsafe try ledger.sequencer.committed.scan(from: 0) { _, bytes in
            entries.append(unsafe [UInt8](bytes))
            return true
        }
        return entries
    }

    private static func times(_ answer: AppendAnswer) -> [String?] {
        answer.entries.map { $0.first.flatMap { try? Document.parse($0).root["recordedtime"]?.string } }
    }
}
