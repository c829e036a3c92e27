import AgentKit
import Rules
import TestSupport
import Testing

@testable import Export

@Suite("Texts of exports")
struct TextFormTests {
    @Test("an account's path is a name that means nothing else to hledger")
    func names() {
        #expect(HledgerNames.account("wallet/U-ali/PKR") == "wallet:U-ali:PKR")
        #expect(HledgerNames.account("a:b/(c)/ d  ;e") == "a%3Ab:%28c%29:%20d%20%20%3Be")
        #expect(HledgerNames.account("/x//") == "%:x:%:%")
        #expect(HledgerNames.account("wallet/é/%") == "wallet:%C3%A9:%25")
    }

    @Test("two accounts never have one name")
    func distinctNames() {
        var random = SeededGenerator.announced()
        let alphabet = Array("a:/%; ()é\n\"")
        var paths: Set<String> = []
        for _ in 0..<2000 {
            paths.insert(
                String(
                    (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in alphabet.randomElement(using: &random)
                    }))
        }
        let names = Set(paths.map(HledgerNames.account))
        #expect(names.count == paths.count)
        let safe = names.allSatisfy { name in
            name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !Array("();\"".utf8).contains($0) }
        }
        #expect(safe)
    }

    @Test("a description stays on its line and begins no comment")
    func descriptions() {
        #expect(HledgerNames.description("refund R-1; x | y\n2024-01-01 z") == "refund R-1%3B x %7C y%0A2024-01-01 z")
        #expect(HledgerNames.commodity("PKR") == "PKR" && HledgerNames.commodity("A1") == "\"A1\"")
    }

    @Test("amounts have the decimals of their currency, whatever their size")
    func amounts() {
        let amounts = PlainAmount(currencies: Currencies(["PKR": 2, "JPY": 0, "BTC": 8]))
        #expect(amounts.text(Int128(0), "PKR") == "0.00" && amounts.text(Int128(-5), "PKR") == "-0.05")
        #expect(amounts.text(Int128(199_900), "PKR") == "1999.00" && amounts.text(Int128(12), "JPY") == "12")
        #expect(amounts.text(Int128(-1), "BTC") == "-0.00000001" && amounts.text(Int128(7), "QQQ") == "7")
        #expect(amounts.text(Int128.min, "PKR") == "-1701411834604692317316873037158841057.28")
    }

    @Test("fields are quoted where they must be")
    func fields() {
        #expect(CSVText.record(["a", "b,c", "d\"e", "f\ng", ""]) == "a,\"b,c\",\"d\"\"e\",\"f\ng\",")
        #expect(CSVText.quoted("") == "\"\"")
    }

    @Test("members are columns with underscores, and no text has U+0000")
    func columns() {
        #expect(SQLRecordTable.snake("refundAmount") == "refund_amount" && SQLRecordTable.snake("id") == "id")
        #expect(Cell.plain("a\u{0}b") == "a\u{FFFD}b")
    }
}
