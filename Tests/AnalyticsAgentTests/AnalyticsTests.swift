import AgentKit
import AnalyticsAgent
import EngineTestSupport
import TestSupport
import Testing

@Suite("analytics agent")
struct AnalyticsTests {
    private let bench = AgentBench<AnalyticsAgent>()
    private var state: AnalyticsState { bench.state }

    @Test("the ten with the most orders are those that counting everything finds")
    func leaders() throws {
        var random = SeededGenerator.announced()
        for day in 0..<5 {
            var counts: [String: Int] = [:]
            for _ in 0..<random.int(in: 0...400) {
                let id = "P-\(random.int(in: 0...40) * random.int(in: 0...40) / 40)"
                counts[id, default: 0] += 1
                try bench.fold("order.accepted", "{\"productId\":\"\(id)\",\"area\":\"a\"}")
            }
            try bench.fold("schedule.daily", "{\"date\":\"2024-02-0\(day + 1)\"}")
            let expected = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
            #expect(state.reports["day"]?.products == expected.prefix(10).map(\.key))
            #expect(state.reports["day"]?.areas == (counts.isEmpty ? [] : ["a"]))
        }
    }

    @Test("fees count what comes in less what is taken back, whatever the transfer is for; payments count nowhere")
    func fees() throws {
        func posted(_ purpose: String, _ from: String, _ to: String, _ amount: Int64) throws {
            try bench.post(purpose, "R", [(from, to, amount)])
        }
        try posted("level.fee", "wallet/U-1", "platform/fees", 100)
        try posted("escrow.release", "escrow/O-1", "platform/fees", 40)
        try posted("escrow.refund", "platform/fees", "wallet/U-1", 10)
        try posted("payment", "wallet/U-1", "wallet/U-2", 1000)
        try posted("deposit", "gateway/bank", "wallet/U-2", 1000)
        try bench.fold("schedule.daily", #"{"date":"2024-02-16"}"#)
        let report = try #require(state.reports["day"])
        #expect(report.fees == ["PKR": 130])
        #expect(report.turnover == ["PKR": 40])
    }

    @Test("an order that an override refunds after it settled has ended once")
    func once() throws {
        try bench.fold("order.accepted", #"{"orderId":"O-1","productId":"P","area":"a"}"#)
        try bench.fold("order.settled", #"{"orderId":"O-1","by":"buyer"}"#)
        try bench.fold("transfer.requested", #"{"reference":"O-1","purpose":"correction"}"#)
        try bench.fold("order.refunded", #"{"orderId":"O-1","amount":1,"currency":"PKR"}"#)
        try bench.fold("schedule.daily", #"{"date":"2024-02-16"}"#)
        let report = try #require(state.reports["day"])
        #expect(report.ordersEnded == 1 && report.ordersManual == 0)
        #expect(report.orders == ["accepted": 1, "refunded": 1, "settled": 1])
    }

    @Test("sums beyond 64 bits are told as the greatest that a report can tell, and what follows exactly")
    func greatSums() throws {
        let most = Amount.greatest.minorUnits
        for number in 0..<1_100 {
            try bench.fold("fine.imposed", #"{"fineId":"F-\#(number)","amount":\#(most),"currency":"PKR"}"#)
        }
        try bench.fold("schedule.daily", #"{"date":"2024-02-16"}"#)
        #expect(state.reports["day"]?.fines == ["PKR": most])
        try bench.fold("fine.imposed", #"{"fineId":"F-last","amount":7,"currency":"PKR"}"#)
        try bench.fold("schedule.daily", #"{"date":"2024-02-17"}"#)
        #expect(state.reports["day"]?.fines == ["PKR": 7])
        try bench.fold("schedule.monthly", #"{"date":"2024-03-01"}"#)
        #expect(state.reports["month"]?.fines == ["PKR": most])
    }
}
