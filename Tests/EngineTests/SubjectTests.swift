import Engine
import JSON
import Testing

@Suite("What entries are about")
struct SubjectTests {
    private static let rules = """
        agent: wallet
        version: 1.0.0
        triggers:
          test.asked: {id: string}
          test.sold: {id: string}
        decisions:
          test.granted: {id: string}
          test.noted: {text: string}
        subject: id
        rules:
          - id: grant
            on: test.asked
            emit:
              - test.granted: [id]
              - test.noted: {text: '"without"'}
              - {test.noted: {text: '"with"'}, subject: event.?subject}
          - id: sell
            on: test.sold
            quorum: {of: [wallet], need: 1, within: 1h, reference: data.id}
            emit:
              - test.granted: [id]
              - test.noted: {text: '"without"'}
          - id: vote
            on: proposal.opened
            emit:
              - vote.cast: {proposalId: data.proposalId, agent: '"wallet"', approve: 'true'}
                subject: proposalId
        """

    private func subjects(_ type: String) throws -> [String] {
        let bench = try Bench(["wallet.yaml": Self.rules])
        return try bench.send(type, #"{"id":"I"}"#, more: #","subject":"S""#).map { line in
            line.type + " " + (line.document.root["subject"]?.string ?? "-")
        }
    }

    @Test("a decision without the member that the file names is about nothing")
    func decisions() throws {
        #expect(try subjects("test.asked") == ["test.asked S", "test.granted I", "test.noted -", "test.noted S"])
    }

    @Test("so it is once a vote has approved it")
    func held() throws {
        let entries = try subjects("test.sold").filter { $0.hasPrefix("test.") }
        #expect(entries == ["test.sold S", "test.granted I", "test.noted -"])
    }
}
