import Testing

@testable import DocketBench

@Suite("CEL benchmark")
struct CELBenchmarkTests {
    @Test("every case compiles and gives what it should")
    func cases() throws {
        let cases = try CELBenchmark.cases()
        for one in cases { one.run() }
        #expect(
            cases.map(\.name) == [
                "main", "first part false", "one comparison", "has with ternary", "exists over 8", "matches", "compile",
            ])
    }
}
