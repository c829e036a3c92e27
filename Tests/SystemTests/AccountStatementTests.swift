import Foundation
import TestSupport
import Testing

@Suite("Statements of accounts", .ownThreads)
struct AccountStatementTests {
    private let folder: TemporaryDirectory
    private let account = "wallet/U-ali/PKR"

    init() throws { folder = try TemporaryDirectory("statement") }

    private func statement(_ name: String, _ more: String...) throws -> (result: Docket.Result, text: String) {
        let file = folder.file(name)
        let ledger = try KnownHistory.ledger()
        let result = try Docket.binary.run(
            ["transfers", account, "--statement", file, "--data", ledger.data] + more)
        return (result, (try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
    }

    private func records(_ text: String) -> [[String]] {
        text.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test("has the opening balance, every line that moved money, and the closing balance")
    func whole() throws {
        let (result, text) = try statement("all.csv")
        #expect(result.status == 0)
        let rows = records(text)
        let moved = try KnownHistory.ledger().run("transfers", account, "--json").lines
        #expect(rows.map(\.[0]) == ["opening"] + moved.map { _ in "line" } + ["closing"])
        #expect(rows[0][8] == "0.00" && rows[1][7] == "1000.00" && rows[1][8] == "1000.00")
        #expect(rows.last?[8] == "2583.73")
        #expect(rows.last?[3] == "178")
        #expect(rows.last?[5] == (try KnownHistory.ledger().run("checkpoint").lines[2]))
    }

    @Test("statements of following periods meet: what one closes with the next opens with")
    func periods() throws {
        let first = records(try statement("1.csv", "--to", "2024-02-15").text)
        let second = records(try statement("2.csv", "--from", "2024-02-16", "--to", "2024-02-16").text)
        let third = records(try statement("3.csv", "--from", "2024-02-17").text)
        let whole = records(try statement("all.csv").text)
        #expect(first.last?[8] == second.first?[8] && second.last?[8] == third.first?[8])
        #expect(third.last?[8] == whole.last?[8])
        func lines(_ rows: [[String]]) -> [[String]] { rows.filter { $0[0] == "line" } }
        #expect(lines(first) + lines(second) + lines(third) == lines(whole))
    }

    @Test("for people it is text, and --json has the totals")
    func text() throws {
        let (_, text) = try statement("s.txt", "--from", "2024-02-16")
        #expect(text.hasPrefix("Statement of \(account), ledger \(TestLedger.origin)\nfrom 2024-02-16 on\n"))
        #expect(text.contains("PKR 501.00  opening balance") && text.contains("PKR 2,583.73  closing balance"))
        #expect(text.contains("Complete to the log's checkpoint of 178 entries"))
        let json = try statement("s.csv", "--from", "2024-02-16", "--json").result.output
        #expect(
            json.contains(#""closing":258373"#) && json.contains(#""opening":50100"#) && json.contains(#""lines":4"#))
    }

    @Test("usage errors and an account that nothing moved on are told apart")
    func refused() throws {
        #expect(try statement("s.pdf").result.status == 2)
        #expect(try statement("s.csv", "--from", "spring").result.status == 2)
        #expect(try statement("s.csv", "--from", "2024-03-01", "--to", "2024-02-01").result.status == 2)
        let ledger = try KnownHistory.ledger()
        #expect(try ledger.run("transfers", account, "--from", "2024-02-01").status == 2)
        let none = try ledger.run("transfers", "wallet/U-nobody/PKR", "--statement", folder.file("none.csv"))
        #expect(none.status == 1 && none.messages.contains("nothing ever moved"), "\(none.messages)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("none.csv")))
        #expect(!FileManager.default.fileExists(atPath: folder.file("none.csv.partial")))
    }
}
