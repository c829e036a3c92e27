import AgentKit
import Rules

/// Amounts as spreadsheets and other programs read them: `-1999.00`, without grouping or currency.
struct PlainAmount {
    let currencies: Currencies

    /// The number of decimals of a currency; none for one that the rules do not list, whose amounts are minor units.
    func exponent(of currency: String) -> Int { currencies.exponent(of: currency) ?? 0 }

    func text(_ minorUnits: Int128, _ currency: String) -> String {
        let exponent = exponent(of: currency)
        let digits = String(minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, exponent + 1 - digits.utf8.count)) + digits
        let sign = minorUnits < 0 ? "-" : ""
        return exponent == 0 ? sign + padded : sign + padded.dropLast(exponent) + "." + padded.suffix(exponent)
    }

    func text(_ total: Total, _ currency: String) -> String { text(total.minorUnits, currency) }
}

/// Text of comma-separated values (RFC 4180).
enum CSVText {
    static func record(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

    /// A field, in quotes where it needs them.
    static func field(_ text: String) -> String {
        let isPlain = !text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        return isPlain ? text : quoted(text)
    }

    static func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
}
