import CEL
import Testing

@Suite("CEL benchmark")
struct BenchmarkTests {
    @Test("every case compiles and runs")
    func cases() throws {
        let cases = try CELBenchmark.cases()
        for one in cases { one.run() }
        #expect(
            cases.map(\.name) == [
                "main", "first part false", "one comparison", "has with ternary", "exists over 8", "matches", "compile",
            ])
    }
}
