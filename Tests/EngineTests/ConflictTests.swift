import AgentKit
import Engine
import EngineTestSupport
import JSON
import Rules
import Testing

@Suite("claims, votes, overrides and dead letters")
struct ConflictTests {
    static let wallet = """
        agent: wallet
        version: 1.0.0
        triggers:
          test.asked: {id: string, same: bool}
          test.split: {id: string}
        decisions:
          test.granted: {id: string, by: string}
        rules:
          - id: grant
            on: test.asked
            claim: ['"ask/" + data.id']
            emit:
              - {test.granted: '{"id": data.id, "by": "wallet"}'}
            timers:
              - {name: later, key: data.id, at: event.recordedtime + duration("1h")}
          - id: left
            on: test.split
            claim: ['"split/" + data.id']
            emit:
              - {test.granted: '{"id": data.id, "by": "left"}'}
          - id: right
            on: test.split
            claim: ['"split/" + data.id']
            emit:
              - {test.granted: '{"id": data.id, "by": "right"}'}
        """
    static let complaint = """
        agent: complaint
        version: 1.0.0
        decisions:
          test.denied: {id: string}
        rules:
          - id: deny
            on: test.asked
            claim: ['"ask/" + data.id']
            when: '!data.same'
            emit:
              - {test.denied: '{"id": data.id}'}
        """

    func bench() throws -> Bench { try Bench(["wallet.yaml": Self.wallet, "complaint.yaml": Self.complaint]) }

    @Test("the higher class stands and the other's decisions are overruled, its timers never set")
    func overruled() throws {
        let lines = try bench().send("test.asked", #"{"id":"a","same":false}"#)
        #expect(lines.types == ["test.asked", "test.denied", "decision.overruled"])
        let overruled = try #require(lines[2].document.root["data"])
        #expect(overruled["rule"]?.string == "wallet/grant" && overruled["by"]?.string == "complaint/deny")
        #expect(overruled["type"]?.string == "test.granted" && overruled["claim"]?.string == "ask/a")
        #expect(overruled["data"]?["by"]?.string == "wallet" && overruled["data"]?["id"]?.string == "a")
    }

    @Test("a claim nobody else makes stands")
    func alone() throws {
        let lines = try bench().send("test.asked", #"{"id":"a","same":true}"#)
        #expect(lines.types == ["test.asked", "test.granted", "timer.scheduled"])
    }

    @Test("in one class neither stands and an administrator is asked")
    func conflict() throws {
        let lines = try bench().send("test.split", #"{"id":"a"}"#)
        #expect(lines.types == ["test.split", "conflict.raised"])
        #expect(lines[1].data == #"{"claim":"split/a","rules":["wallet/left","wallet/right"]}"#)
    }

    static func ballot(_ approve: String) -> [String: String] {
        [
            "wallet.yaml": """
            agent: wallet
            version: 1.0.0
            triggers:
              test.proposed: {id: string}
              test.voted: {proposalId: string, agent: string, approve: bool}
            decisions:
              test.done: {id: string}
            rules:
              - id: propose
                on: test.proposed
                quorum: {of: [complaint, order, wallet], need: 2, within: duration("24h"), reference: data.id}
                emit:
                  - {test.done: '{"id": data.id}'}
              - id: pass-on
                on: test.voted
                emit:
                  - vote.cast: '{"proposalId": data.proposalId, "agent": data.agent, "approve": data.approve}'
            """,
            "complaint.yaml": """
            agent: complaint
            version: 1.0.0
            rules:
              - id: vote
                on: proposal.opened
                emit:
                  - {vote.cast: '{"proposalId": data.proposalId, "agent": "complaint", "approve": \(approve)}'}
            """,
        ]
    }

    @Test("at the second approval what was held is appended, caused by the deciding vote")
    func approved() throws {
        let bench = try Bench(Self.ballot("true"))
        let opened = try bench.send("test.proposed", #"{"id":"x"}"#)
        #expect(opened.types == ["test.proposed", "proposal.opened", "timer.scheduled", "vote.cast"])
        let id = try #require(opened[1].document.root["data"]?["proposalId"]?.string)
        let lines = try bench.send("test.voted", #"{"agent":"order","approve":true,"proposalId":"\#(id)"}"#)
        #expect(lines.types == ["test.voted", "vote.cast", "proposal.approved", "test.done", "timer.cancelled"])
        let done = lines[3].document.root
        #expect(done["causationid"]?.string == lines[1].document.root["sequence"]?.string)
        #expect(done["rule"]?.string == "wallet/propose")
        let late = try bench.send("test.voted", #"{"agent":"wallet","approve":true,"proposalId":"\#(id)"}"#)
        #expect(late.types == ["test.voted", "vote.cast"])
    }

    @Test("one agent's second vote does not count")
    func doubleVote() throws {
        let bench = try Bench(Self.ballot("true"))
        let id = try #require(
            bench.send("test.proposed", #"{"id":"x"}"#)[1].document.root["data"]?["proposalId"]?.string)
        let lines = try bench.send("test.voted", #"{"agent":"complaint","approve":true,"proposalId":"\#(id)"}"#)
        #expect(lines.types == ["test.voted", "vote.cast"])
    }

    @Test("a vote that can no longer be won is rejected")
    func rejected() throws {
        let bench = try Bench(Self.ballot("false"))
        let id = try #require(
            bench.send("test.proposed", #"{"id":"x"}"#)[1].document.root["data"]?["proposalId"]?.string)
        let lines = try bench.send("test.voted", #"{"agent":"order","approve":false,"proposalId":"\#(id)"}"#)
        #expect(lines.types == ["test.voted", "vote.cast", "proposal.rejected", "timer.cancelled"])
        #expect(lines[2].document.root["data"]?["rejections"]?.int == 2)
    }

    @Test("at the time limit the proposal expires with an alert")
    func expired() throws {
        let bench = try Bench(Self.ballot("true"))
        try bench.send("test.proposed", #"{"id":"x"}"#)
        let lines = try bench.send("test.proposed", #"{"id":"y"}"#, at: "2024-02-16T10:00:00Z")
        #expect(
            lines.types.filter { $0 != "schedule.daily" }.prefix(3) == [
                "timer.fired", "proposal.expired", "alert.raised",
            ])
    }

    @Test("an override emits what it carries in the engine's name, and nothing that is not correctable")
    func override() throws {
        let bench = try bench()
        let carried = #"{"type":"transfer.requested","data":{"purpose":"payment","reference":"r","transfers":[]}}"#
        let lines = try bench.send(
            "admin.override",
            #"{"overrideId":"OV-1","because":"a mistake","corrects":"0000000000000003","emit":[\#(carried)]}"#)
        #expect(lines.types.prefix(2) == ["admin.override", "transfer.requested"])
        #expect(lines[1].agent == "engine")
        #expect(lines[1].document.root["rule"] == nil)
        #expect(throws: Problem.self) {
            try bench.send(
                "admin.override",
                #"{"overrideId":"OV-2","because":"b","corrects":"c","emit":[{"type":"test.granted","data":{"id":"a","by":"me"}}]}"#
            )
        }
    }

    @Test("a dead letter is evaluated again as of its retry, and only once")
    func retry() throws {
        let bench = try Bench(["order.yaml": CascadeTests.rules])
        let dead = try bench.send("test.ping", #"{"n":40}"#)
        let sequence = try #require(dead[0].document.root["sequence"]?.string)
        #expect(throws: Problem.self) { try bench.send("deadletter.retried", #"{"sequence":"0000000000000001"}"#) }
        let again = try bench.send("deadletter.retried", #"{"sequence":"\#(sequence)"}"#, at: "2024-02-15T12:00:00Z")
        #expect(again.types == ["deadletter.retried", "deadletter.added"])
        #expect(throws: Problem.self) { try bench.send("deadletter.retried", #"{"sequence":"\#(sequence)"}"#) }
    }
}
