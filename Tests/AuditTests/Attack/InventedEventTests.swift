import Audit
import EventLog
import Foundation
import TestSupport
import Testing

/// The operator changes what came from outside, and has the rules decide everything behind it anew: such a log derives.
/// Only what somebody took home tells, or would tell: a checkpoint from behind the change, the receipt of an event that
/// is gone, a witness, or the signature of the producer in whose name an event was invented.
@Suite("an operator who invents events, or loses them", .ownThreads)
struct InventedEventTests {
    private static let resolved =
        #"{"specversion":"1.0","id":"forged","source":"/gosellr","type":"complaint.resolved","subject":"COMP-001","time":"2024-02-16T15:30:00Z","data":{"complaintId":"COMP-001","outcome":"rejected","by":"F-zoneone"}}"#

    private func fines(_ log: EventLog) throws -> Int {
        try ForgedLog(log).places(#""type":"fine.imposed""#).count
    }

    @Test("12. the complaint was never there: who saw no later checkpoint than that before it is told that all is well")
    func lost() async throws {
        let told = try HonestHistory.retold { events in
            events.remove(at: try HonestHistory.complaint(in: events))
        }
        #expect(try fines(told.log) == 0)
        try await Lookout(told.log).expect([.between: .fork, .after: .stale, .complaint: .fork, .fine: .fork])
        #expect(try Lookout(told.log).recompute().isOK)
    }

    @Test("13. the complaint came later, so that no deadline was missed yet")
    func late() async throws {
        let told = try HonestHistory.retold { events in
            events.append(events.remove(at: try HonestHistory.complaint(in: events)))
        }
        #expect(try fines(told.log) == 0)
        try await Lookout(told.log).expect([.between: .fork, .after: .stale, .complaint: .fork, .fine: .fork])
        #expect(try Lookout(told.log).recompute().isOK)
        // Its own time is left to tell, where the producer gave one and the operator did not change that too.
        let entry = try #require(
            try ForgedLog(told.log).entries.first { $0.contains(#""type":"complaint.submitted""#) })
        #expect(entry.contains(#""time":"2024-02-16T10:00:00Z""#))
        #expect(entry.contains(#""recordedtime":"2024-02-17T12:25:00.000Z""#))
    }

    @Test(
        "14. an answer in time is invented: who holds a checkpoint from before it, or the complaint's receipt, sees nothing"
    )
    func answer() async throws {
        let told = try HonestHistory.retold { events in
            events.insert(Self.resolved, at: try HonestHistory.complaint(in: events) + 1)
        }
        #expect(try fines(told.log) == 0)
        try await Lookout(told.log).expect([.after: .stale, .fine: .fork])
        #expect(try Lookout(told.log).recompute().isOK)
    }

    @Test("15. an administrator's correction takes the fine back, dated before others' checkpoint, or openly behind it")
    func correction() async throws {
        let correction =
            #"{"specversion":"1.0","id":"forged","source":"/admin","type":"admin.override","data":{"overrideId":"OV-1","corrects":"\#(try HonestHistory.shared.fine)","because":"nothing was broken","emit":[{"type":"complaint.closed","subject":"COMP-001","data":{"complaintId":"COMP-001","orderId":"ORD-001","outcome":"rejected","refundAmount":0}}]}}"#
        let dated = try HonestHistory.retold { events in events.insert(correction, at: events.count - 2) }
        #expect(try !ForgedLog(dated.log).places(#""type":"fine.reversed""#).isEmpty)
        try await Lookout(dated.log).expect([.after: .fork, .fine: .fork])
        #expect(try Lookout(dated.log).recompute().isOK)
        let open = try HonestHistory.retold { events in events.append(correction) }
        // It contradicts nothing: it stands in the log for everybody to read, with the name that it was given.
        try await Lookout(open.log).expect([:])
        #expect(try open.sequences(of: "admin.override").count == 1)
    }

    @Test("16. events that the service would have refused are found, though everything was derived from them")
    func refused() async throws {
        let told = try HonestHistory.retold()
        let deposit = try told.sequences(of: "wallet.deposited")[0]
        let number = String(repeating: "0", count: 14) + String(deposit)
        let data = #"{"sequence":"\#(number)"}"#
        // A deposit that was never given up is told once more, and counts twice.
        let retried = try told.send(
            #"{"specversion":"1.0","id":"f-1","source":"/admin","type":"deadletter.retried","data":\#(data)}"#)
        // The time of an answer that came late is not its own.
        let backdated = try told.send(
            Self.resolved.replacing("02-16T15:30", with: "02-19T15:30"), mayMoveClock: false)
        // Nobody gave this name a role.
        let nobody = try told.send(
            #"{"specversion":"1.0","id":"f-2","source":"/x","type":"area.registered","data":{"area":"elsewhere"}}"#,
            by: "nobody")
        try await Lookout(told.log).expect([:])
        let result = try Lookout(told.log).recompute()
        let found = result.differences.filter { $0.kind == .notAdmitted }
        #expect(found.map(\.sequence) == [retried, backdated, nobody].map(\.lowerBound), "\(result.text)")
        #expect(found.first?.what.contains("there is no such dead letter") == true)
        #expect(found.first?.money.contains { $0.account == "wallet/U-ali/PKR" && $0.recorded > $0.derived } == true)
        #expect(found.dropFirst().first?.what.contains("not recorded at its own time") == true)
        #expect(found.last?.what.contains("`nobody` may not append `area.registered`") == true)
    }

    @Test("17. an event in a currency that nobody declared, or by a producer who bears an agent's name, is found")
    func foreign() async throws {
        var forged = try ForgedLog(HonestHistory.shared.log)
        let deposits = forged.places(#""type":"wallet.deposited""#)
        forged.replace(#""currency":"PKR""#, with: #""currency":"QQQ""#, at: deposits[0])
        forged.replace(#""source":"/wallets""#, with: #""source":"/agents/wallet""#, at: deposits[1])
        let log = try forged.signed(isCommittedOften: true)
        try await Lookout(log).expect([
            .before: .fork, .between: .fork, .after: .fork, .complaint: .fork, .fine: .fork,
        ])
        let found = try Lookout(log).recompute().differences.filter { $0.kind == .notAdmitted }
        #expect(found.map(\.sequence) == deposits.prefix(2).map { UInt64($0) })
        #expect(found.first?.what.contains("unknown currency `QQQ`") == true)
        #expect(found.last?.what.contains("the source `/agents/wallet` is the ledger's own") == true)
    }
}
