import JSON
import Service
import Testing

@Suite("appending without a service")
struct LocalLedgerTests {
    @Test("requests without a service give the answers and the log of the socket")
    func same() async throws {
        let events = [
            Events.area("lahore", id: "a-1"), Events.user("U-ali", name: "Ali", event: "u-1"),
            Events.deposit("d-1", to: "U-ali", 100), Events.payment("p-1", 40, from: "U-ali", to: "U-sana"),
            Events.payment("p-2", 400, from: "U-ali", to: "U-sana"), Events.area("lahore", id: "a-1"),
        ]
        let (socket, local) = (try TestLedger(), try TestLedger())
        // Both ledgers have a key of their own, and so other hashes: what is compared is without them.
        let served = try await socket.serving { service in
            let client = try service.connect()
            var answers: [String] = []
            for event in events { answers.append(Self.withoutHashes(try await client.append(event).text)) }
            return answers
        }
        let ledger = try LocalLedger(local.options)
        var answers: [String] = []
        for event in events {
            let answer = await ledger.append(Array(event.utf8))
            answers.append(Self.withoutHashes(String(decoding: answer.body, as: UTF8.self)))
        }
        #expect(answers == served)
        let bad = await ledger.append(Array("{".utf8))
        #expect(bad.status == 400)
        let batch = await ledger.append(Array("[]".utf8), isBatch: true)
        #expect(String(decoding: batch.body, as: UTF8.self) == #"{"events":[]}"#)
        ledger.stop()
    }

    private static func withoutHashes(_ text: String) -> String {
        text.replacing(/"hash":"[^"]*"/, with: "").replacing(/"checkpoint":"[^"]*"/, with: "")
    }

    @Test("a principal that no policy knows may append nothing")
    func stranger() async throws {
        let test = try TestLedger()
        let ledger = try LocalLedger(test.options, principal: "stranger")
        let answer = await ledger.append(Array(Events.area("a", id: "x").utf8))
        #expect(answer.status == 403)
        #expect(try Document.parse(answer.body).root["type"]?.string == "urn:docket:problem:forbidden")
        ledger.stop()
    }

    @Test("a principal appends what its role names and nothing else")
    func role() async throws {
        let test = try TestLedger()
        let ledger = try LocalLedger(test.options, principal: "surveyor")
        #expect(await ledger.append(Array(Events.area("a", id: "x").utf8)).status == 201)
        let refused = await ledger.append(Array(Events.deposit("d", to: "U-ali").utf8))
        #expect(refused.status == 403)
        #expect(try Document.parse(refused.body).root["pointer"]?.string == "/type")
        ledger.stop()
    }
}
