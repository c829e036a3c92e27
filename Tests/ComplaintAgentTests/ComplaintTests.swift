import AgentKit
import ComplaintAgent
import EngineTestSupport
import Testing

@Suite("complaints")
struct ComplaintTests {
    private let bench = AgentBench<ComplaintAgent>()

    private func complaint(_ id: String = "C-1") throws -> Complaint { try #require(bench.state.complaints[id]) }

    private func open(_ id: String = "C-1", _ about: String = #""orderId":"O-1""#) throws {
        try bench.fold(
            "complaint.opened",
            #"{"complaintId":"\#(id)",\#(about),"buyerId":"U-b","sellerId":"U-s","tier":"sub","franchiseId":"F-1","deadline":"2024-02-15T18:00:00.000Z"}"#
        )
    }

    private func close(_ outcome: String, _ about: String = #""orderId":"O-1""#, refund: Int, more: String = "") throws
    {
        try bench.fold(
            "complaint.closed",
            #"{"complaintId":"C-1",\#(about),"outcome":"\#(outcome)","refundAmount":\#(refund)\#(more)}"#)
    }

    @Test("a complaint passes from tier to tier, and the last may have no franchise")
    func tiers() throws {
        try open()
        #expect(try complaint().openedAt == bench.now && complaint().status == .open)
        try bench.fold(
            "complaint.escalated",
            #"{"complaintId":"C-1","tier":"master","franchiseId":"F-2","deadline":"2024-02-16T00:00:00.000Z"}"#)
        #expect(try complaint().tier == "master" && complaint().franchiseId == "F-2")
        try bench.fold(
            "complaint.escalated", #"{"complaintId":"C-1","tier":"corporate","deadline":"2024-02-16T06:00:00.000Z"}"#)
        #expect(try complaint().tier == "corporate" && complaint().franchiseId == nil)
        #expect(try complaint().deadline == Instant(rfc3339: "2024-02-16T06:00:00.000Z"))
    }

    @Test("a frozen complaint keeps the rest of its time, and goes on to a new deadline")
    func frozen() throws {
        try open()
        try bench.fold("complaint.frozen", #"{"complaintId":"C-1","left":"21600s"}"#)
        #expect(try complaint().status == .frozen && complaint().left == "21600s")
        try bench.fold("complaint.resumed", #"{"complaintId":"C-1","deadline":"2024-02-20T00:00:00.000Z"}"#)
        #expect(try complaint().status == .open && complaint().left == nil)
        #expect(try complaint().deadline == Instant(rfc3339: "2024-02-20T00:00:00.000Z"))
    }

    @Test("a complaint is closed by what names its order, and again by an override, whose outcome stands")
    func closed() throws {
        try open()
        try close("refund", #""orderId":"O-2""#, refund: 500)
        try close("refund", #""requestId":"O-1""#, refund: 500)
        #expect(try complaint().status == .open && complaint().outcome == nil)
        try close("refund", refund: 500, more: #","by":"table","row":"never_dispatched""#)
        #expect(try complaint().status == .closed && complaint().refundAmount == Amount(500))
        #expect(try complaint().closedBy == "table" && complaint().row == "never_dispatched")
        try close("rejected", refund: 0)
        #expect(try complaint().outcome == "rejected" && complaint().refundAmount == .zero)
        #expect(try complaint().closedBy == "override" && complaint().row == nil)
    }

    @Test("a complaint about a service is closed by what names its request")
    func requests() throws {
        try open("C-1", #""requestId":"R-1""#)
        try close("partial", #""requestId":"R-1""#, refund: 20, more: #","by":"person""#)
        #expect(try complaint().outcome == "partial" && complaint().closedBy == "person")
    }

    @Test("the fines for a complaint add up, less those reversed; a fine for no complaint counts nowhere")
    func fines() throws {
        try open()
        try open("C-2", #""orderId":"O-2""#)
        for amount in [20, 30] { try bench.fold("fine.imposed", #"{"complaintId":"C-1","amount":\#(amount)}"#) }
        try bench.fold("fine.imposed", #"{"amount":900}"#)
        try bench.fold("fine.reversed", #"{"complaintId":"C-1","amount":20}"#)
        #expect(try complaint().fined == Amount(30) && complaint("C-2").fined == .zero)
    }
}
