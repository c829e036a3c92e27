import AgentKit
import Dispatch
import Engine
import EngineTestSupport
import EventLog
import Glibc
import TestSupport
import Testing

@Suite("firing what is due")
struct FiringTests {
    /// Rules by which each of four rows is seen every day, and a timer fires and is set again.
    static let rules = """
        agent: order
        version: 1.0.0
        facts:
          area.recorded: {area: string, parent: optional string}
        triggers:
          test.note: {n: int}
          test.start: {key: string}
        decisions:
          test.rang: {key: string, date: string}
        rules:
          - id: start
            on: test.start
            timers:
              - {name: alarm, key: data.key, at: 'event.recordedtime + duration("12h")'}
          - id: ring
            on: timer.fired
            when: data.name == "alarm"
            emit:
              - {test.rang: '{"key": data.key, "date": string(event.recordedtime)}'}
            timers:
              - {name: alarm, key: data.key, at: 'event.recordedtime + duration("12h")'}
          - id: look
            on: schedule.daily
            over: areas
            emit:
              - {test.rang: '{"key": data.key, "date": data.date}'}
        """

    private static let start = "2024-02-15T09:00:00Z"

    private func prepared(_ ledger: OpenLedger) throws -> [PreparedEvent] {
        try (0..<4).map {
            try ledger.event("area.recorded", #"{"area":"a\#($0)"}"#, id: "a\($0)", at: Self.start)
        } + [ledger.event("test.start", #"{"key":"k"}"#, id: "start")]
    }

    /// The bytes of every entry.
    private func entries(_ ledger: OpenLedger) throws -> [[UInt8]] {
        let log = ledger.sequencer.committed
        return try (0..<log.size).map { try #require(try log.entry($0)) }
    }

    @Test("while an event years on waits for all that is due, others are answered, and the log is as if in one go")
    func turns() async throws {
        let (folder, other) = (try TemporaryDirectory(), try TemporaryDirectory())
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": Self.rules])
        let ledger = try OpenLedger(directory)
        defer { ledger.sequencer.stop() }
        _ = await ledger.send(try prepared(ledger))
        let before = ledger.sequencer.committed.size
        let late = try ledger.event("test.note", #"{"n":1}"#, id: "late", at: "2027-02-14T09:00:00Z")
        async let answer = ledger.send([late])
        let seen = try await withTaskExecutorPreference(Reader()) {
            var seen: Set<UInt64> = []
            while try ledger.sequencer.committed.size == before || !hasNote(ledger) {
                seen.insert(await ledger.sequencer.read { $0.next.value })
            }
            return seen
        }
        #expect(await !answer.hasRefusals)
        let end = ledger.sequencer.committed.size
        #expect(seen.contains { $0 > before && $0 < end - 1 })
        // An atomic request fires in one commit.
        let whole = try OpenLedger(OpenLedger.create(at: other.path, rules: ["order.yaml": Self.rules]))
        defer { whole.sequencer.stop() }
        _ = await whole.send(try prepared(whole))
        let same = try whole.event("test.note", #"{"n":1}"#, id: "late", at: "2027-02-14T09:00:00Z")
        #expect(await !whole.send([same], atomic: true).hasRefusals)
        #expect(try entries(ledger) == entries(whole))
    }

    /// A thread for reading, which no other test can block.
    private final class Reader: TaskExecutor {
        private let queue = DispatchQueue(label: "reader")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    private func hasNote(_ ledger: OpenLedger) throws -> Bool {
        let log = ledger.sequencer.committed
        guard let last = try log.entry(log.size - 1) else { return false }
        return String(decoding: last, as: UTF8.self).contains("test.note")
    }

    /// The entries of a ledger that was off for a year and was stopped a number of times while it caught up.
    private func caughtUp(stops: Int) async throws -> [[UInt8]] {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": Self.rules], clock: .system)
        let clock = HandClock(Self.start)
        var ledger = try OpenLedger(directory, clock)
        _ = await ledger.send(try prepared(ledger))
        ledger.sequencer.stop()
        clock.set(by: ClockWatchTests.year)
        for _ in 0..<stops {
            let before = ledger.sequencer.committed.size
            ledger = try OpenLedger(directory, clock)
            usleep(60_000)
            let began = ContinuousClock.now
            ledger.sequencer.stop()
            #expect(ContinuousClock.now - began < .seconds(10))
            #expect(ledger.sequencer.committed.size >= before)
        }
        ledger = try OpenLedger(directory, clock)
        defer { ledger.sequencer.stop() }
        let note = try ledger.event("test.note", #"{"n":1}"#, id: "note")
        #expect(await !ledger.send([note]).hasRefusals)
        return try entries(ledger)
    }

    @Test("a stop ends it within seconds, and the next start goes on where it was, to the same log")
    func stopping() async throws {
        let (stopped, whole) = (try await caughtUp(stops: 2), try await caughtUp(stops: 0))
        let count = min(stopped.count, whole.count)
        #expect(count > 4000)
        // Requests may overtake the rows of the last schedule.
        #expect(stopped[..<(count - 10)] == whole[..<(count - 10)])
    }

    /// The processor time of this thread in seconds.
    private func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test("a year of an old ledger costs what a year of a young one does")
    func years() throws {
        let bench = try Bench(["order.yaml": Self.rules])
        for index in 0..<4 { try bench.send("area.recorded", #"{"area":"a\#(index)"}"#) }
        try bench.send("test.start", #"{"key":"k"}"#)
        var costs: [Double] = []
        for year in 1...5 {
            let began = processorSeconds()
            let time = try #require(Instant(rfc3339: "\(2024 + year)-02-15T09:00:00Z"))
            while bench.machine.fireNext(by: time) != nil { bench.machine.commitUndoLog() }
            costs.append(processorSeconds() - began)
        }
        #expect(costs[4] < 2 * costs[0], "\(costs)")
    }

    @Test("a timer of a length that cannot be fails its rule alone, one of centuries is set")
    func farAway() throws {
        let bench = try Bench(["order.yaml": TimeTests.rules])
        let lines = try bench.send("test.wait", #"{"key":"k","seconds":300000000000}"#)
        #expect(lines.types == ["test.wait", "agent.failed", "alert.raised"])
        #expect(lines[1].data.contains(#""code":"invalid_argument""#))
        #expect(
            try bench.send("test.wait", #"{"key":"k","seconds":9000000000}"#).types == [
                "test.wait", "timer.scheduled",
            ])
    }
}
