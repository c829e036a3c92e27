import AgentKit
import Engine
import EngineTestSupport
import EventLog
import JSON
import Rules
import Testing

@Suite("a cascade")
struct CascadeTests {
    static let rules = """
        agent: order
        version: 1.0.0
        triggers:
          test.ping: {n: int}
          test.wide: {n: int}
          test.broken: {key: string}
        decisions:
          test.ponged: {n: int}
          test.echoed: {n: int, from: string}
        rules:
          - id: pong
            on: test.ping
            because: asked with {data.n}
            emit:
              - {test.ponged: '{"n": data.n}'}
          - id: second
            on: test.ping
            emit:
              - {test.echoed: '{"n": data.n, "from": "second"}'}
          - id: count-down
            on: test.ponged
            when: data.n > 0
            emit:
              - {test.ponged: '{"n": data.n - 1}'}
          - id: wide
            on: test.wide
            emit:
              - {test.echoed: '{"n": item, "from": "wide"}', each: 'lists.range(data.n)'}
          - id: broken
            on: test.broken
            emit:
              - {test.echoed: '{"n": {"a": 1}[data.key], "from": "broken"}'}
        """

    func bench() throws -> Bench { try Bench(["order.yaml": Self.rules]) }

    @Test("decides breadth first: a step's decisions are appended before what follows from them")
    func breadthFirst() throws {
        let lines = try bench().send("test.ping", #"{"n":2}"#)
        #expect(
            lines.map(\.description) == [
                #"test.ping {"n":2}"#, #"test.ponged {"n":2}"#, #"test.echoed {"from":"second","n":2}"#,
                #"test.ponged {"n":1}"#,
                #"test.ponged {"n":0}"#,
            ])
    }

    @Test("gives each decision its cause, its rule, its reason and the trigger's time")
    func attributes() throws {
        let bench = try bench()
        let lines = try bench.send("test.ping", #"{"n":1}"#, at: "2024-02-15T10:00:00Z")
        let trigger = lines[0].document.root
        let decision = lines[1].document.root
        #expect(decision["causationid"]?.string == trigger["sequence"]?.string)
        #expect(decision["correlationid"]?.string == trigger["sequence"]?.string)
        #expect(decision["agent"]?.string == "order")
        #expect(decision["rule"]?.string == "order/pong")
        #expect(decision["source"]?.string == "/agents/order")
        #expect(decision["id"]?.string == decision["sequence"]?.string)
        #expect(decision["because"]?.string == "asked with 1")
        #expect(decision["ruleset"]?.string == bench.machine.ruleSet?.digest)
        #expect(decision["recordedtime"]?.string == "2024-02-15T10:00:00.000Z")
        #expect(trigger["authid"]?.string == "local")
        #expect(lines[3].document.root["causationid"]?.string == decision["sequence"]?.string)
    }

    @Test("chains every entry to the one before")
    func chain() throws {
        let bench = try bench()
        try bench.send("test.ping", #"{"n":3}"#)
        let lines = bench.lines()
        #expect(lines.count > 3)
        for (index, line) in lines.enumerated().dropFirst() {
            #expect(line.document.root["previoushash"]?.string == bench.machine.chain.hashText(index - 1))
        }
    }

    @Test("deeper than 32 decisions is given up: the trigger and one dead letter stay")
    func depth() throws {
        let bench = try bench()
        let lines = try bench.send("test.ping", #"{"n":40}"#)
        #expect(lines.types == ["test.ping", "deadletter.added"])
        #expect(lines[1].data.contains("32 decisions deep"))
        let after = try bench.send("test.ping", #"{"n":0}"#)
        #expect(after.types == ["test.ping", "test.ponged", "test.echoed"])
        let all = bench.lines()
        for (index, line) in all.enumerated().dropFirst() {
            #expect(line.document.root["previoushash"]?.string == bench.machine.chain.hashText(index - 1))
        }
    }

    @Test("of more than 4,096 entries is given up")
    func width() throws {
        let bench = try bench()
        #expect(try bench.send("test.wide", #"{"n":4095}"#).count == 4096)
        let lines = try bench.send("test.wide", #"{"n":4096}"#)
        #expect(lines.types == ["test.wide", "deadletter.added"])
    }

    @Test("a rule that fails says so and raises an alert; the other rules go on")
    func failure() throws {
        let lines = try bench().send("test.broken", #"{"key":"b"}"#)
        #expect(lines.types == ["test.broken", "agent.failed", "alert.raised"])
        let failed = try #require(lines[1].document.root["data"])
        #expect(failed["rule"]?.string == "order/broken" && failed["code"]?.string == "no_such_key")
        #expect(lines[1].document.root["source"]?.string == "/engine")
        #expect(lines[1].document.root["rule"] == nil)
    }

    @Test("a dry run leaves nothing behind")
    func dryRun() throws {
        let bench = try bench()
        let event = try bench.event("test.ping", #"{"n":2}"#, id: "once")
        let before = (bench.machine.chain.count, bench.machine.next)
        let count = bench.machine.dryRun { bench.machine.append(event, at: Bench.start).count }
        #expect(count == 5)
        #expect(bench.machine.chain.count == before.0)
        #expect(bench.machine.next == before.1)
        #expect(try bench.machine.existing(event) == nil)
        #expect(try bench.send(event).count == 5)
    }

    @Test("the same id again is known, with other content refused")
    func identity() throws {
        let bench = try bench()
        let first = try bench.event("test.ping", #"{"n":1}"#, id: "once")
        let sequence = bench.machine.next
        try bench.send(first)
        #expect(try bench.machine.existing(bench.event("test.ping", #"{ "n" : 1 }"#, id: "once")) == sequence)
        #expect(throws: Problem.self) { try bench.machine.existing(bench.event("test.ping", #"{"n":2}"#, id: "once")) }
        let traced = try bench.event("test.ping", #"{"n":1}"#, id: "once", more: #","traceparent":"00-a-b-01""#)
        #expect(try bench.machine.existing(traced) == sequence)
    }
}

@Suite("What entries are about")
struct SubjectTests {
    private static let rules = """
        agent: wallet
        version: 1.0.0
        triggers:
          test.asked: {id: string}
          test.sold: {id: string}
        decisions:
          test.granted: {id: string}
          test.noted: {text: string}
        subject: id
        rules:
          - id: grant
            on: test.asked
            emit:
              - test.granted: [id]
              - test.noted: {text: '"without"'}
              - {test.noted: {text: '"with"'}, subject: event.?subject}
          - id: sell
            on: test.sold
            quorum: {of: [wallet], need: 1, within: 1h, reference: data.id}
            emit:
              - test.granted: [id]
              - test.noted: {text: '"without"'}
          - id: vote
            on: proposal.opened
            emit:
              - vote.cast: {proposalId: data.proposalId, agent: '"wallet"', approve: 'true'}
                subject: proposalId
        """

    private func subjects(_ type: String) throws -> [String] {
        let bench = try Bench(["wallet.yaml": Self.rules])
        return try bench.send(type, #"{"id":"I"}"#, more: #","subject":"S""#).map { line in
            line.type + " " + (line.document.root["subject"]?.string ?? "-")
        }
    }

    @Test("a decision without the member that the file names is about nothing")
    func decisions() throws {
        #expect(try subjects("test.asked") == ["test.asked S", "test.granted I", "test.noted -", "test.noted S"])
    }

    @Test("so it is once a vote has approved it")
    func held() throws {
        let entries = try subjects("test.sold").filter { $0.hasPrefix("test.") }
        #expect(entries == ["test.sold S", "test.granted I", "test.noted -"])
    }
}
