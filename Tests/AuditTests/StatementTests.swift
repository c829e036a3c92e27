import Rules
import Testing

@testable import Audit

@Suite("Statements of providers")
struct StatementTests {
    private static let currencies = Currencies(["PKR": 2, "JPY": 0])

    private func read(_ text: String) throws -> [Statement.Line] {
        try Statement(csv: Array(text.utf8), Self.currencies).lines
    }

    @Test("lines are read with their place, amounts as minor units of their currency")
    func lines() throws {
        let lines = try read("date,reference,amount,currency\n2024-02-15,D-1,1000.5,PKR\n\n2024-02-16,D-2,-30,JPY\n")
        #expect(lines.map(\.number) == [2, 4])
        #expect(lines.map(\.amount) == [100_050, -30])
        #expect(lines.map(\.reference) == ["D-1", "D-2"])
        #expect(lines[0].date == "2024-02-15")
    }

    @Test("CRLF, a byte order mark, quotes and a last line without an end are read")
    func forms() throws {
        let text =
            "\u{FEFF}date,reference,amount,currency\r\n2024-02-15,\"D,\"\"1\"\"\",\"+7.00\",PKR\r\n2024-02-16,D-2,0.01,PKR"
        let lines = try read(text)
        #expect(lines.map(\.reference) == ["D,\"1\"", "D-2"])
        #expect(lines.map(\.amount) == [700, 1])
    }

    @Test(
        "what cannot be read is refused with its line",
        arguments: [
            ("", 1), ("date;reference;amount;currency\n", 1), ("date,reference,amount\n", 1),
            ("\n2024-02-15,D-1,1.00\n", 2), ("\n2024-02-15,D-1,1.00,PKR,x\n", 2), ("\n2024-02-30,D-1,1.00,PKR\n", 2),
            ("\n15.02.2024,D-1,1.00,PKR\n", 2), ("\n2024-02-15,,1.00,PKR\n", 2), ("\n2024-02-15,D-1,1.00,QQQ\n", 2),
            ("\n2024-02-15,D-1,1.001,PKR\n", 2), ("\n2024-02-15,D-1,1.0,JPY\n", 2),
            ("\n2024-02-15,D-1,\"1,000.00\",PKR\n", 2), ("\n2024-02-15,D-1,,PKR\n", 2), ("\n2024-02-15,D-1,-,PKR\n", 2),
            ("\n2024-02-15,D-1,1.,PKR\n", 2), ("\n2024-02-15,D-1,.5,PKR\n", 2), ("\n2024-02-15,D-1,1e3,PKR\n", 2),
            ("\n2024-02-15,D-1,--1,PKR\n", 2), ("\n2024-02-15,D-1,99999999999999999999,PKR\n", 2),
            ("\n2024-02-15,D-1,90071992547409.92,PKR\n", 2), ("\n2024-02-15,\"D-1,1.00,PKR\n2024-02-16,D,1,PKR\n", 2),
            ("\n2024-02-15,D-1,1.00,PKR\n\n2024-02-15,D\"1,1.00,PKR\n", 4),
            ("\n2024-02-15,\"a\nb\",1.00,PKR\n2024-02-15,\"x\"y,1.00,PKR\n", 4),
        ])
    func refused(text: String, line: Int) {
        let text = text.hasPrefix("\n") ? "date,reference,amount,currency" + text : text
        do {
            _ = try read(text)
            Issue.record("was read: \(text)")
        } catch {
            #expect((error as? Statement.Failure)?.line == line, "\(error)")
        }
    }

    @Test("bytes that are not UTF-8 and endless records are refused")
    func hostile() {
        let header = Array("date,reference,amount,currency\n".utf8)
        #expect(throws: Statement.Failure(line: 2, message: "not UTF-8")) {
            try Statement(csv: header + [0xFF, 0x2C, 0x0A], Self.currencies)
        }
        #expect(throws: Statement.Failure.self) {
            try Statement(csv: header + [UInt8](repeating: 0x61, count: 1 << 20), Self.currencies)
        }
        #expect(throws: Statement.Failure.self) {
            try Statement(csv: header + [UInt8](repeating: 0x2C, count: 1 << 20), Self.currencies)
        }
    }

    @Test("the largest amounts are read to the last unit")
    func largest() throws {
        let lines = try read("date,reference,amount,currency\n2024-02-15,D-1,-90071992547409.91,PKR\n")
        #expect(lines.map(\.amount) == [-((1 << 53) - 1)])
    }
}
