import AgentKit
import EngineTestSupport
import FranchiseAgent
import Testing

@Suite("areas and franchises")
struct FranchiseTests {
    private let bench = AgentBench<FranchiseAgent>()

    private func area(_ id: String, in parent: String? = nil) throws {
        let parent = parent.map { #","parent":"\#($0)""# } ?? ""
        try bench.fold("area.recorded", #"{"area":"\#(id)"\#(parent)}"#)
    }

    private func register(_ id: String, _ tier: String, in area: String, under parent: String? = nil) throws {
        let parent = parent.map { #","parentId":"\#($0)""# } ?? ""
        try bench.fold(
            "franchise.recorded",
            #"{"franchiseId":"\#(id)","tier":"\#(tier)","area":"\#(area)","ownerId":"U-\#(id)"\#(parent)}"#)
    }

    private func serving(_ area: String, _ tier: String) throws -> String {
        try #require(try bench.evaluate("franchiseFor('\(area)', '\(tier)').orValue('none')").stringValue)
    }

    @Test("an area is served by the first franchise of the nearest area above that has one")
    func serving() throws {
        try area("pakistan")
        try area("lahore", in: "pakistan")
        try area("gulberg", in: "lahore")
        for (id, area) in [("F-1", "lahore"), ("F-2", "lahore"), ("F-3", "pakistan")] {
            try register(id, "sub", in: area)
        }
        #expect(try serving("gulberg", "sub") == "F-1" && serving("pakistan", "sub") == "F-3")
        #expect(try serving("gulberg", "master") == "none" && serving("quetta", "sub") == "none")
        // Recorded for another area it leaves its place to the next; back again, it is the last.
        try register("F-1", "sub", in: "gulberg")
        #expect(try serving("lahore", "sub") == "F-2" && serving("gulberg", "sub") == "F-1")
        try register("F-1", "sub", in: "lahore")
        #expect(try serving("gulberg", "sub") == "F-2")
    }

    @Test("the areas and franchises above are listed nearest first, also where they form a circle")
    func above() throws {
        for (id, parent) in [("a", "b"), ("b", "c"), ("c", "a")] { try area(id, in: parent) }
        #expect(try bench.evaluate("areasAbove('a')") == .list([.string("b"), .string("c")]))
        try register("F-1", "sub", in: "a", under: "F-2")
        try register("F-2", "master", in: "a", under: "F-unknown")
        #expect(try bench.evaluate("franchisesAbove('F-1')") == .list([.string("F-2"), .string("F-unknown")]))
        #expect(try serving("a", "corporate") == "none")
    }

    @Test("a sale ends once, and leaves the franchise with its owner or the buyer")
    func sales() throws {
        try register("F-1", "sub", in: "a")
        for id in ["X-1", "X-2"] {
            try bench.fold(
                "area.sale.accepted",
                #"{"saleId":"\#(id)","franchiseId":"F-1","buyerId":"U-b","price":500,"currency":"PKR"}"#)
            #expect(bench.state.franchises["F-1"]?.saleId == id)
            guard id == "X-1" else { break }
            try bench.fold("area.sale.refused", #"{"saleId":"X-1"}"#)
            #expect(bench.state.franchises["F-1"]?.saleId == nil)
        }
        try bench.post("area.sale", "X-2", [("wallet/U-b", "platform/fees", 500)])
        #expect(bench.state.sales["X-2"]?.status == .paid)
        try bench.fold("ownership.changed", #"{"saleId":"X-2","franchiseId":"F-1","to":"U-b"}"#)
        try bench.fold("area.sale.refused", #"{"saleId":"X-2"}"#)
        #expect(bench.state.sales["X-1"]?.status == .refused && bench.state.sales["X-2"]?.status == .completed)
        let franchise = try #require(bench.state.franchises["F-1"])
        #expect(franchise.ownerId == "U-b" && franchise.isSold && franchise.saleId == nil)
    }

    @Test("income and fines wait for the next settlement, and a fine reversed after one is income of the next")
    func income() throws {
        try register("F-1", "sub", in: "a")
        func fine(_ type: String, _ id: String, _ amount: Int) throws {
            try bench.fold(
                type,
                #"{"fineId":"\#(id)","party":"franchise","partyId":"F-1","amount":\#(amount),"currency":"PKR"}"#)
        }
        func row() throws -> [Amount] {
            let row = try #require(bench.state.income["F-1/PKR"])
            return [row.income, row.fines]
        }
        try bench.post("escrow.release", "O-1", [("escrow/O-1", "franchise/F-1", 100), ("escrow/O-1", "wallet/U", 7)])
        try bench.post("payment", "P-1", [("wallet/U", "franchise/F-1", 40)])
        try fine("fine.imposed", "N-1", 30)
        #expect(try row() == [Amount(100), Amount(30)])
        #expect(bench.state.franchises["F-1"]?.currencies == ["PKR"])
        try bench.fold(
            "settlement.issued", #"{"franchiseId":"F-1","currency":"PKR","income":100,"fines":30}"#)
        try fine("fine.imposed", "N-2", 10)
        try fine("fine.reversed", "N-1", 30)
        #expect(try row() == [Amount(20), .zero])
    }

    @Test("a rating counts the complete days, and a complaint only against those who let it pass")
    func performance() throws {
        for (id, tier) in [("F-1", "sub"), ("F-2", "master")] { try register(id, tier, in: "a") }
        func figures(_ id: String, days: Int = 1) throws -> [Value] {
            try ["orders", "complaints", "unresolved"].map { figure in
                try bench.evaluate("performance('\(id)', \(days)).\(figure)")
            }
        }
        for _ in 0..<3 { try bench.fold("order.accepted", #"{"area":"a"}"#) }
        try bench.fold("complaint.opened", #"{"complaintId":"C-1","franchiseId":"F-1"}"#)
        try bench.fold("complaint.escalated", #"{"complaintId":"C-1","franchiseId":"F-2"}"#)
        #expect(try figures("F-1") == [.int(0), .int(0), .int(0)])
        try bench.fold("schedule.daily", "{}")
        try bench.fold("complaint.closed", #"{"complaintId":"C-1","outcome":"unresolved","by":"timer"}"#)
        #expect(try figures("F-1") == [.int(3), .int(1), .int(1)])
        #expect(try figures("F-2") == [.int(3), .int(1), .int(1)])
        try bench.fold("complaint.closed", #"{"complaintId":"C-1","outcome":"rejected","by":"override"}"#)
        #expect(try figures("F-1") == [.int(3), .int(1), .int(0)])
        for _ in 0..<31 { try bench.fold("schedule.daily", "{}") }
        #expect(try figures("F-1", days: 31) == [.int(0), .int(0), .int(0)])
    }
}
