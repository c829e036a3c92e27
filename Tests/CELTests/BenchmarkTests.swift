import CEL
import Testing

@Suite("CEL benchmark")
struct BenchmarkTests {
    @Test("every case compiles and gives what it should")
    func cases() throws {
        let event = SampleHost(
            .map([
                ("amount", .value(.int(1500))), ("email", .text("someone@example.com")),
                ("items", .list((1...8).map { .value(.int($0)) })), ("type", .text("order.placed")),
            ]))
        let user = SampleHost(.map([("trust_score", .value(.int(35)))]))
        let cases = try CELBenchmark.cases(event: event.root, user: user.root)
        for one in cases { one.run() }
        #expect(
            cases.map(\.name) == [
                "main", "first part false", "one comparison", "has with ternary", "exists over 8", "matches", "compile",
            ])
    }
}
