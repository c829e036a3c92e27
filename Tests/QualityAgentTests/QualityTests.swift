import AgentKit
import EngineTestSupport
import Testing

@testable import QualityAgent

@Suite("the reported quality of services")
struct QualityTests {
    private let bench = AgentBench<QualityAgent>()

    private func quality(_ id: String = "S-1") throws -> Quality { try #require(bench.state.quality[id]) }

    private func score(_ score: Int64, by user: String = "U-1", mean: Int64 = 0, reports: Int64 = 1) throws {
        try bench.fold(
            "quality.scored",
            #"{"serviceId":"S-1","userId":"\#(user)","score":\#(score),"mean":\#(mean),"reports":\#(reports)}"#)
    }

    @Test("the last scores are kept with their reporters, and their sum")
    func window() throws {
        let count = Int64(Quality.scoresMax + 5)
        for number in 1...count { try score(number, by: "U-\(number)", mean: number, reports: number) }
        let kept = Array(6...count)
        #expect(try quality().scores == kept && quality().sum == kept.reduce(0, +))
        #expect(try quality().reporters == kept.map { "U-\($0)" })
        #expect(try quality().mean == count && quality().reports == count)
    }

    @Test("a suspended service that is restored starts without reports, and its suspensions stay counted")
    func restored() throws {
        for _ in 0..<3 { try score(10, mean: 10, reports: 3) }
        try bench.fold("service.suspended", #"{"serviceId":"S-1","count":2}"#)
        #expect(try quality().isSuspended && quality().suspensions == 2 && quality().scores.count == 3)
        try bench.fold("service.restored", #"{"serviceId":"S-1"}"#)
        #expect(try !quality().isSuspended && quality().suspensions == 2)
        #expect(try quality().scores.isEmpty && quality().reporters.isEmpty)
        #expect(try quality().sum == 0 && quality().mean == 0 && quality().reports == 0)
        try score(90, mean: 90, reports: 1)
        #expect(try quality().scores == [90] && quality().sum == 90)
    }

    @Test("a service may be suspended before anybody reported on it, and only a known one is restored")
    func unknown() throws {
        try bench.fold("service.suspended", #"{"serviceId":"S-2","count":1}"#)
        #expect(try quality("S-2").id == "S-2" && quality("S-2").isSuspended)
        try bench.fold("service.restored", #"{"serviceId":"S-3"}"#)
        #expect(bench.state.quality["S-3"] == nil)
    }

    @Test("each service has its own reports, and they come back from their stored form")
    func stored() throws {
        try score(40, by: "U-1", mean: 40)
        try bench.fold(
            "quality.scored", #"{"serviceId":"S-2","userId":"U-2","score":80,"mean":80,"reports":1}"#)
        #expect(try quality("S-1").scores == [40] && quality("S-2").scores == [80])
        var reader = RowReader(try #require(bench.state.quality.encoded("S-2")))
        let read = try Quality.decode(from: &reader)
        #expect(read.scores == [80] && read.reporters == ["U-2"] && read.sum == 80 && !read.isSuspended)
    }
}
