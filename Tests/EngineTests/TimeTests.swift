import AgentKit
import Engine
import EngineTestSupport
import JSON
import Rules
import Testing

@Suite("the clock")
struct TimeTests {
    static let rules = """
        agent: order
        version: 1.0.0
        triggers:
          test.wait: {key: string, seconds: int}
          test.stop: {key: string}
          test.note: {n: int}
        decisions:
          test.rang: {key: string, date: string}
        rules:
          - id: set
            on: test.wait
            timers:
              - {name: alarm, key: data.key, at: 'event.recordedtime + duration(string(data.seconds) + "s")'}
          - id: stop
            on: test.stop
            cancel:
              - {name: alarm, key: data.key}
          - id: ring
            on: timer.fired
            when: data.agent == "order" && data.name == "alarm"
            emit:
              - {test.rang: '{"key": data.key, "date": string(event.recordedtime)}'}
        """

    func bench() throws -> Bench { try Bench(["order.yaml": Self.rules]) }

    @Test("fires what is due before the event that moves it, in order of due time")
    func order() throws {
        let bench = try bench()
        try bench.send("test.wait", #"{"key":"late","seconds":600}"#)
        try bench.send("test.wait", #"{"key":"early","seconds":60}"#)
        let lines = try bench.send("test.note", #"{"n":1}"#, at: "2024-02-15T09:30:00Z")
        #expect(lines.types == ["timer.fired", "test.rang", "timer.fired", "test.rang", "test.note"])
        #expect(lines[0].data.contains(#""key":"early""#))
        #expect(lines[0].document.root["recordedtime"]?.string == "2024-02-15T09:01:00.000Z")
        #expect(lines[0].document.root["authid"]?.string == "clock")
        #expect(lines[4].document.root["recordedtime"]?.string == "2024-02-15T09:30:00.000Z")
    }

    @Test("a timer set again is replaced, a cancelled one never fires")
    func replacement() throws {
        let bench = try bench()
        try bench.send("test.wait", #"{"key":"a","seconds":60}"#)
        try bench.send("test.wait", #"{"key":"a","seconds":120}"#)
        try bench.send("test.wait", #"{"key":"b","seconds":60}"#)
        #expect(try bench.send("test.stop", #"{"key":"b"}"#).types == ["test.stop", "timer.cancelled"])
        #expect(try bench.send("test.stop", #"{"key":"b"}"#).types == ["test.stop"])
        let lines = try bench.send("test.note", #"{"n":1}"#, at: "2024-02-15T09:10:00Z")
        #expect(lines.types == ["timer.fired", "test.rang", "test.note"])
        #expect(lines[0].document.root["recordedtime"]?.string == "2024-02-15T09:02:00.000Z")
    }

    @Test("an older event is recorded at the clock")
    func olderEvent() throws {
        let bench = try bench()
        try bench.send("test.note", #"{"n":1}"#, at: "2024-02-15T12:00:00Z")
        let lines = try bench.send("test.note", #"{"n":2}"#, at: "2024-02-15T11:00:00Z")
        #expect(lines[0].document.root["recordedtime"]?.string == "2024-02-15T12:00:00.000Z")
    }

    @Test("an event more than ten years ahead is refused")
    func leap() throws {
        let bench = try bench()
        #expect(throws: Problem.self) { try bench.send("test.note", #"{"n":1}"#, at: "2035-01-01T00:00:00Z") }
        #expect(bench.lines().last?.type == "ruleset.activated")
    }

    @Test("schedules fire at midnight in Karachi, the missed ones each in order")
    func schedules() throws {
        let bench = try bench()
        let lines = try bench.send("test.note", #"{"n":1}"#, at: "2024-03-01T00:00:00Z")
        let schedules = lines.filter { $0.type.hasPrefix("schedule.") }
        #expect(schedules.filter { $0.type == "schedule.daily" }.count == 15)
        #expect(schedules.filter { $0.type == "schedule.weekly" }.count == 2)
        #expect(schedules.filter { $0.type == "schedule.monthly" }.count == 1)
        let first = try #require(schedules.first?.document.root["data"])
        #expect(first["date"]?.string == "2024-02-16" && first["due"]?.string == "2024-02-15T19:00:00.000Z")
        #expect(schedules.suffix(2).map(\.type) == ["schedule.daily", "schedule.monthly"])
    }
}
