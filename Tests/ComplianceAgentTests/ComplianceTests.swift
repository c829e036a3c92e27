import AgentKit
import ComplianceAgent
import EngineTestSupport
import Testing

@Suite("erasures, and what the weekly report tells")
struct ComplianceTests {
    private let bench = AgentBench<ComplianceAgent>()

    private func `defer`(_ request: String, _ user: String, for reason: String) throws {
        try bench.fold(
            "erasure.deferred", #"{"requestId":"\#(request)","userId":"\#(user)","reason":"\#(reason)"}"#)
    }

    @Test("an erasure waits since it was first deferred, for what it was deferred last")
    func waiting() throws {
        try self.defer("E-1", "U-1", for: "order")
        let first = bench.now
        bench.now = bench.now.adding(seconds: 60)
        try self.defer("E-1", "U-1", for: "debt")
        let erasure = try #require(bench.state.erasures["E-1/U-1"])
        #expect(erasure.since == first && erasure.reason == "debt")
    }

    @Test("two persons under one request's id are two erasures, and each is completed alone")
    func completed() throws {
        for user in ["U-1", "U-2"] { try self.defer("E-1", user, for: "complaint") }
        try bench.fold("erasure.completed", #"{"requestId":"E-1","userId":"U-1"}"#)
        #expect(bench.state.erasures["E-1/U-1"] == nil && bench.state.erasures["E-1/U-2"] != nil)
        #expect(bench.state.erased["U-1"]?.requestId == "E-1" && bench.state.erased["U-1"]?.at == bench.now)
        #expect(bench.state.erased["U-2"] == nil)
    }

    @Test("an override is reported with its administrator, unless it is refused or never approved")
    func overrides() throws {
        var keys: [String] = []
        for corrects in ["0000000000000003", "0000000000000004", "0000000000000005"] {
            try bench.fold("admin.override", #"{"corrects":"\#(corrects)"}"#, more: #","authid":"U-admin""#)
            keys.append(EntrySequence(bench.sequence).padded)
        }
        for (key, reason) in zip(keys, ["order_differs", "expired", "same_person"]) {
            try bench.fold("override.refused", #"{"override":"\#(key)","reason":"\#(reason)"}"#)
        }
        #expect(bench.state.overrides[keys[0]] == nil && bench.state.overrides[keys[1]] == nil)
        let correction = try #require(bench.state.overrides[keys[2]])
        #expect(correction.by == "U-admin" && correction.corrects == "0000000000000005")
    }

    @Test("denials are counted by person, the first of them listed, and forgotten with the report")
    func denials() throws {
        for (user, feature) in [("U-2", "sell"), ("U-1", "pay"), ("U-2", "withdraw")] {
            try bench.fold("access.denied", #"{"userId":"\#(user)","feature":"\#(feature)"}"#)
        }
        #expect(try bench.evaluate("denials(10).count") == .int(2))
        #expect(
            try bench.evaluate("denials(10)").jsonDescription
                == #"{"count":2,"items":[{"feature":"pay","times":1,"userId":"U-1"},{"feature":"withdraw","times":2,"userId":"U-2"}]}"#
        )
        #expect(try bench.evaluate("denials(1).items.size()") == .int(1))
        try bench.fold("admin.override", #"{"corrects":"0000000000000003"}"#)
        let override = EntrySequence(bench.sequence).padded
        try bench.fold("compliance.reported", "{}")
        #expect(try bench.evaluate("denials(10).count") == .int(0))
        #expect(bench.state.overrides[override] == nil)
    }
}
