import Foundation
import TestSupport
import Testing

@Suite("Export to hledger", .ownThreads, .enabled(if: OtherProgram.isInstalled("hledger")))
struct ExportHledgerTests {
    private let folder: TemporaryDirectory
    private var journal: String { folder.file("l.journal") }

    init() throws { folder = try TemporaryDirectory("export-hledger") }

    private func export(_ ledger: TestLedger, _ more: String...) throws -> Docket.Result {
        try Docket.binary.run(["export", "--hledger", journal, "--data", ledger.data] + more)
    }

    private func check(_ path: String? = nil) throws -> Docket.Result {
        try OtherProgram.run("hledger", "check", "--strict", "-f", path ?? journal)
    }

    /// The balances that hledger adds up, without those of zero: account and amount.
    private func balances() throws -> [String] {
        let result = try OtherProgram.run("hledger", "bal", "-f", journal, "--flat", "-N", "-O", "csv")
        try #require(result.status == 0, "\(result.messages)")
        return result.lines.dropFirst().sorted()
    }

    private struct Account: Decodable {
        let id: String?, currency: String, balance: Int?
    }

    /// The same of the ledger, every currency of which has two decimals.
    private func balances(of ledger: TestLedger) throws -> [String] {
        let accounts = try ledger.run("accounts", "--json").lines.map {
            try JSONDecoder().decode(Account.self, from: Data($0.utf8))
        }
        return accounts.compactMap { account in
            guard let id = account.id, let balance = account.balance, balance != 0 else { return nil }
            let digits = String(format: "%d.%02d", abs(balance) / 100, abs(balance) % 100)
            let name = id.replacingOccurrences(of: "/", with: ":")
            return "\"\(name)\",\"\(account.currency) \(balance < 0 ? "-" : "")\(digits)\""
        }.sorted()
    }

    @Test("hledger accepts the journal, strictly, and adds up the ledger's balances")
    func agrees() throws {
        for ledger in [try KnownHistory.ledger(), try ExportLedger.month()] {
            #expect(try export(ledger).status == 0)
            let checked = try check()
            #expect(checked.status == 0, "\(checked.messages)")
            let expected = try balances(of: ledger)
            #expect(expected.count > 10)
            #expect(try balances() == expected)
            let root = try ledger.run("checkpoint").lines[2]
            #expect(try String(contentsOfFile: journal, encoding: .utf8).contains("; \(root)\n"))
        }
    }

    @Test("an amount that is changed, or a transaction that is gone, is found by hledger alone")
    func changed() throws {
        #expect(try export(try KnownHistory.ledger()).status == 0)
        let text = try String(contentsOfFile: journal, encoding: .utf8)
        let fewer = text.replacingOccurrences(of: "PKR -1000.00", with: "PKR -1000.01")
            .replacingOccurrences(of: "PKR 1000.00\n\n", with: "PKR 1000.01\n\n")
        var parts = text.components(separatedBy: "\n\n")
        parts.remove(at: 2)
        for forged in [fewer, parts.joined(separator: "\n\n")] {
            try #require(forged != text)
            try forged.write(toFile: folder.file("forged"), atomically: true, encoding: .utf8)
            #expect(try check(folder.file("forged")).status != 0)
        }
    }

    @Test("continued after more entries it is byte for byte a whole journal")
    func since() throws {
        let (ledger, rest) = try ExportLedger.begun()
        #expect(try export(ledger, "--since").status == 0)
        #expect(try check().status == 0)
        try ExportLedger.append(rest, to: ledger)
        let result = try export(ledger, "--since", "--json")
        #expect(result.status == 0 && !result.output.contains("\"since\":0"), "\(result)")
        let continued = try String(contentsOfFile: journal, encoding: .utf8)
        #expect(try check().status == 0)
        #expect(try export(ledger).status == 0)
        #expect(try String(contentsOfFile: journal, encoding: .utf8) == continued)
    }

    @Test("a journal of another ledger, cut off or of another program is not continued")
    func refused() throws {
        let ledger = try KnownHistory.ledger()
        #expect(try export(ledger).status == 0)
        let text = try String(contentsOfFile: journal, encoding: .utf8)
        let other = try ExportLedger.begun(lines: 5).ledger
        #expect(try export(other, "--since").status == 1)
        let last = try #require(text.split(separator: "\n").last).split(separator: " ")
        let wrong = [
            (String(text.dropLast(30)), Int32(2)), ("2024-01-01 x\n  a  1\n  b\n", 2), ("", 2), ("\n", 2),
            (text.replacingOccurrences(of: last[3] + " ", with: "99999999999999999999 "), 2),
            (text.replacingOccurrences(of: " \(last[5]) ", with: " 99999999 "), 2),
            (text.replacingOccurrences(of: "docket-journal 1 \(last[3])", with: "docket-journal 1 7"), 1),
        ]
        for (journal, status) in wrong {
            try journal.write(toFile: self.journal, atomically: true, encoding: .utf8)
            let result = try export(ledger, "--since")
            #expect(result.status == status, "\(result.messages)")
            #expect(try String(contentsOfFile: self.journal, encoding: .utf8) == journal)
        }
    }
}
