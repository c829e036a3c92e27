import Foundation
import TestSupport
import Testing

@Suite("Comparing a provider's statement with the ledger", .ownThreads)
struct ReconcileTests {
    private static let header = "date,reference,amount,currency"

    private struct Movement: Decodable {
        let amount: Int, creditAccount: String, currency: String, reference: String, time: String
    }

    private struct Outcome: Decodable {
        struct Finding: Decodable, Equatable {
            let kind: String, reference: String, currency: String
            let statement: Int?, ledger: Int?, line: Int?
        }

        let verdict: String, matched: Int, findings: [Finding]
    }

    /// The statement that a bank would send which agrees with the ledger.
    private func statement(of ledger: TestLedger) throws -> [String] {
        let moved = try ledger.run("transfers", "gateway/bank/PKR", "--json")
        try #require(moved.status == 0, "\(moved.messages)")
        return try moved.lines.map { line in
            let movement = try JSONDecoder().decode(Movement.self, from: Data(line.utf8))
            let sign = movement.creditAccount == "gateway/bank/PKR" ? "-" : ""
            let amount = "\(movement.amount / 100)." + String(format: "%02d", movement.amount % 100)
            return "\(movement.time.prefix(10)),\(movement.reference),\(sign)\(amount),\(movement.currency)"
        }
    }

    private func compare(
        _ lines: [String], with ledger: TestLedger, _ more: String...
    ) throws -> (status: Int32, outcome: Outcome) {
        let text = ([Self.header] + lines).joined(separator: "\n") + "\n"
        let result = try Docket.binary.run(
            ["reconcile", "gateway/bank", "-", "--json", "--data", ledger.data] + more, input: text)
        return (result.status, try JSONDecoder().decode(Outcome.self, from: Data(result.output.utf8)))
    }

    @Test("a statement with every movement of the ledger agrees, in any order")
    func agrees() throws {
        let ledger = try KnownHistory.ledger()
        let lines = try statement(of: ledger)
        try #require(lines.count > 2)
        let (status, outcome) = try compare(lines.reversed(), with: ledger)
        #expect(status == 0)
        #expect(outcome.verdict == "OK" && outcome.matched == lines.count && outcome.findings.isEmpty)
    }

    @Test("a line that the statement lacks, one that it has more, and another amount are found")
    func differs() throws {
        let ledger = try KnownHistory.ledger()
        var lines = try statement(of: ledger)
        let gone = lines.removeLast().split(separator: ",").map(String.init)
        let changed = lines[0].split(separator: ",").map(String.init)
        lines[0] = "\(changed[0]),\(changed[1]),0.01,PKR"
        lines.append("2024-02-20,D-unknown,12.50,PKR")
        let (status, outcome) = try compare(lines, with: ledger)
        #expect(status == 1 && outcome.verdict == "FAIL")
        let byReference = Dictionary(grouping: outcome.findings, by: \.reference)
        #expect(byReference["D-unknown"]?.first?.kind == "extra")
        #expect(byReference["D-unknown"]?.first?.statement == 1250)
        #expect(byReference[gone[1]]?.contains { $0.kind == "missing" && $0.statement == nil } == true)
        #expect(
            byReference[changed[1]]?.contains { $0.kind == "different" && $0.statement == 1 && $0.line == 2 } == true)
        #expect(outcome.findings.count == 3)
    }

    @Test("a line that stands twice in the statement is once too many")
    func twice() throws {
        let ledger = try KnownHistory.ledger()
        let lines = try statement(of: ledger)
        let (status, outcome) = try compare(lines + [lines[0]], with: ledger)
        #expect(status == 1)
        #expect(outcome.findings.map(\.kind) == ["extra"])
    }

    @Test("a period leaves out what the ledger recorded before and after it, and no line of the statement")
    func period() throws {
        let ledger = try KnownHistory.ledger()
        let lines = try statement(of: ledger)
        let (all, whole) = try compare([], with: ledger)
        #expect(all == 1 && whole.findings.count == lines.count)
        let (none, outcome) = try compare([], with: ledger, "--to", "2020-01-01")
        #expect(none == 0 && outcome.findings.isEmpty)
        let (late, matched) = try compare([lines[0]], with: ledger, "--from", "2100-01-01")
        #expect(late == 0 && matched.matched == 1)
    }

    @Test("what cannot be compared is said with 2 and its place")
    func unusable() throws {
        let ledger = try KnownHistory.ledger()
        let bad = try ledger.run("reconcile", "gateway/bank", "-", input: Self.header + "\n2024-02-15,D-1,x,PKR\n")
        #expect(bad.status == 2)
        #expect(bad.messages.contains("-:2: `x` is no amount of PKR"))
        let unknown = try ledger.run("reconcile", "gateway/nobody", "-", input: Self.header + "\n")
        #expect(unknown.status == 2)
        #expect(unknown.messages.contains("there is no account `gateway/nobody`"))
        #expect(try ledger.run("reconcile", "gateway/bank", "-", "--from", "spring", input: Self.header).status == 2)
        #expect(try ledger.run("reconcile", "gateway/bank", "/nowhere.csv").status == 2)
    }

    @Test("for people it says what each side has")
    func text() throws {
        let ledger = try KnownHistory.ledger()
        let lines = try statement(of: ledger)
        let text = ([Self.header] + lines.dropFirst()).joined(separator: "\n") + "\n"
        let result = try ledger.run("reconcile", "gateway/bank/PKR", "-", input: text)
        #expect(result.status == 1)
        #expect(result.lines.first?.hasPrefix("missing") == true)
        #expect(result.output.contains("the statement has nothing"))
        #expect(result.lines.last == "\(lines.count - 1) lines agree with `gateway/bank/PKR`, 1 does not")
    }
}
