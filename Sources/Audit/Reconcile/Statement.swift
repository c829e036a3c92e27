import AgentKit
package import Rules

/// What a payment provider or a bank says moved on its account: CSV (RFC 4180) whose first line is
/// `date,reference,amount,currency`.
///
/// Amounts are signed decimals without grouping, positive for money that came in at the provider; they have at most the
/// currency's decimals. Dates are `YYYY-MM-DD`. Blank lines do not count.
package struct Statement: Sendable, Hashable {
    /// One line of a statement.
    package struct Line: Sendable, Hashable {
        /// From 1, the header included.
        package let number: Int
        /// `YYYY-MM-DD`
        package let date: String
        package let reference: String
        /// In minor units.
        package let amount: Int64
        package let currency: String
    }

    /// A line that cannot be read.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        /// From 1.
        package let line: Int
        package let message: String

        package var description: String { "line \(line): \(message)" }
    }

    private static let header = ["date", "reference", "amount", "currency"]

    package let lines: [Line]

    /// Reads a statement's text.
    /// - Throws: `Failure` for the first line that cannot be read.
    package init(csv bytes: [UInt8], _ currencies: Currencies) throws(Failure) {
        var records = CSVRecords(bytes)
        guard let header = try records.next() else { throw Failure(line: 1, message: "the statement is empty") }
        guard header.fields == Self.header else {
            throw Failure(
                line: header.line,
                message: "the header must be `\(Self.header.joined(separator: ","))`, is "
                    + "`\(header.fields.joined(separator: ","))`")
        }
        var lines: [Line] = []
        while let record = try records.next() { lines.append(try Self.line(record, currencies)) }
        self.lines = lines
    }

    /// Whether a text is a date of the form `YYYY-MM-DD`.
    package static func isDay(_ text: String) -> Bool { Instant(rfc3339: text + "T00:00:00Z") != nil }

    private static func line(_ record: CSVRecords.Record, _ currencies: Currencies) throws(Failure) -> Line {
        func failure(_ message: String) -> Failure { Failure(line: record.line, message: message) }
        guard record.fields.count == header.count else {
            throw failure("a line has \(header.count) fields, this one \(record.fields.count)")
        }
        let (date, reference) = (record.fields[0], record.fields[1])
        let (amount, currency) = (record.fields[2], record.fields[3])
        guard isDay(date) else { throw failure("`\(date)` is no date `YYYY-MM-DD`") }
        guard !reference.isEmpty else { throw failure("the reference is empty") }
        guard let exponent = currencies.exponent(of: currency) else {
            throw failure("`\(currency)` is not a currency of this ledger: \(currencies.codes.joined(separator: ", "))")
        }
        guard let units = SignedDecimal.minorUnits(amount, exponent: exponent) else {
            throw failure("`\(amount)` is no amount of \(currency), such as `-1250\(exponent > 0 ? ".50" : "")`")
        }
        return Line(number: record.line, date: date, reference: reference, amount: units, currency: currency)
    }
}

/// Signed decimals of amounts.
enum SignedDecimal {
    /// `-1250.5` as minor units of a currency with `exponent` decimals; nil for more decimals, grouping, a sign without
    /// digits, or more than 2^53 − 1 minor units.
    static func minorUnits(_ text: String, exponent: Int) -> Int64? {
        var digits = text.utf8[...]
        let sign = digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") ? digits.removeFirst() : nil
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : digits[digits.endIndex...]
        guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || !decimals.isEmpty, decimals.count <= exponent
        else { return nil }
        var units: Int64 = 0
        for digit in Array(whole) + Array(decimals) + Array(repeating: 0x30, count: exponent - decimals.count) {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tens, isOver) = units.multipliedReportingOverflow(by: 10)
            guard !isOver else { return nil }
            units = tens + Int64(digit - 0x30)
            guard Amount(units).isInRange else { return nil }
        }
        return sign == UInt8(ascii: "-") ? -units : units
    }
}
