import Foundation
import JSON
import Testing

@Suite("hints for misspelt names")
struct HintTests {
    @Test("the first misspelt names of a request get a hint, thousands do not")
    func few() async throws {
        try await TestLedger().serving { service in
            let events = (0..<100).map { Events.event("area.registred", "{}", id: "\($0)") }
            let response = try await service.connect().append(batch: events)
            #expect(response.status == 200)
            #expect(response.text.matches(of: /did you mean `area\.registered`/).count == 8)
            #expect(response.text.matches(of: /unknown event type `area\.registred`/).count == 100)
        }
    }

    @Test("a name too long to be a misspelt one is neither compared nor repeated whole")
    func long() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let name = String(repeating: "area.registered", count: 50_000)
            for event in [
                Events.event(name, "{}", id: "1"), Events.event("area.registered", #"{"\#(name)":1}"#, id: "2"),
                Events.event("area.registered", #"{"area":"a"}"#, id: "3", more: #","\#(name)":1"#),
            ] {
                let response = try await client.append(event)
                #expect(response.status == 422)
                #expect(!response.text.contains("did you mean"))
                #expect(response.body.count < 2000)
            }
        }
    }

    @Test("an event with 300,000 unknown members is refused as quickly as it is read")
    func wide() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let members = (0..<300_000).map { #""are\#($0)":1"# }.joined(separator: ",")
            func seconds(_ event: String) async throws -> Double {
                let start = ContinuousClock.now
                let response = try await client.append(event)
                #expect(response.status == 422)
                #expect(response.body.count < 2000)
                return (ContinuousClock.now - start) / .seconds(1)
            }
            // The same size of data under a name that needs no search at all.
            let read = try await seconds(Events.event("no.such.type.at.all", "{\(members)}", id: "1"))
            let refused = try await seconds(Events.event("area.registered", "{\(members)}", id: "2"))
            #expect(refused < 2 * read + 1)
        }
    }

    @Test("thousands of misspelt events hold nobody up")
    func load() async throws {
        try await TestLedger().serving { service in
            let batch = (0..<2500).map { Events.event("wallet.payment.reqested", "{}", id: "\($0)") }
            let slowest = try await withThrowingTaskGroup(of: Double.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        _ = try await service.connect().append(batch: batch)
                        return 0
                    }
                }
                group.addTask {
                    let client = try service.connect()
                    var slowest = 0.0
                    for _ in 0..<20 {
                        let start = ContinuousClock.now
                        #expect(try await client.get("/healthz").status == 200)
                        slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1))
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    return slowest
                }
                return try await group.reduce(0, max)
            }
            // Debug, beside other tests: a hint for each would take many times as long.
            #expect(slowest < 4)
        }
    }
}
