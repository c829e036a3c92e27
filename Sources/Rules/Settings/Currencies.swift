package import AgentKit

/// The currencies amounts may have, with the number of decimals of each.
package struct Currencies: Sendable, Hashable {
    private let exponents: [String: Int]
    private let listed: Set<CurrencyCode>

    package init(_ exponents: [String: Int]) {
        self.exponents = exponents
        listed = Set(exponents.keys.compactMap { CurrencyCode($0) })
    }

    /// The currencies of a rule set without `currencies.yaml`.
    package static let standard = Currencies([
        "PKR": 2, "USD": 2, "EUR": 2, "GBP": 2, "AED": 2, "SAR": 2, "EHBGC": 2, "EHBP": 2,
    ])

    /// The codes in byte order.
    package var codes: [String] { exponents.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// The number of decimals; nil for a currency that is not listed.
    package func exponent(of currency: String) -> Int? { exponents[currency] }

    func isListed(_ currency: CurrencyCode) -> Bool { listed.contains(currency) }

    /// `PKR 1,999.00`; nil for a currency that is not listed.
    package func text(amount minorUnits: some FixedWidthInteger, currency: String) -> String? {
        decimal(amount: minorUnits, currency: currency).map { currency + " " + $0 }
    }

    /// `PKR 1,999.00`; of a currency that is not listed the minor units.
    package func said(_ money: Money) -> String { said(money.minorUnits, money.currency.text) }

    /// `PKR 1,999.00`; of a currency that is not listed the minor units.
    package func said(_ minorUnits: some FixedWidthInteger, _ currency: String) -> String {
        if let text = text(amount: minorUnits, currency: currency) { return text }
        return currency.isEmpty ? String(minorUnits) : "\(currency) \(minorUnits) minor units"
    }

    /// `1,999.00`; nil for a currency that is not listed.
    package func decimal(amount minorUnits: some FixedWidthInteger, currency: String) -> String? {
        guard let exponent = exponents[currency] else { return nil }
        let digits = minorUnits.magnitude.zeroPadded(to: exponent + 1)
        let whole = digits.dropLast(exponent)
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return (minorUnits < 0 ? "-" : "") + grouped + (exponent > 0 ? "." + digits.suffix(exponent) : "")
    }
}

/// Reads `currencies.yaml`: each code with its number of decimals.
enum CurrenciesFile {
    static let name = "currencies.yaml"
    /// The most decimals a currency may have.
    static let exponentMax: Int64 = 8
    static let codeLengths = 3...8
    /// A code as an ECMA-262 regular expression.
    static let codePattern = "^[A-Z]{\(codeLengths.lowerBound),\(codeLengths.upperBound)}$"

    static func isCode(_ text: String) -> Bool {
        codeLengths.contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x41 && $0 <= 0x5A }
    }

    static func read(_ root: YamlNode, in file: SourceFile) -> Currencies? {
        guard let entries = root.entries else {
            file.error(root.place, "the currencies must be a mapping from code to decimals, are \(root.described)")
            return nil
        }
        var exponents: [String: Int] = [:]
        for entry in entries {
            guard isCode(entry.key) else {
                file.error(entry.keyPlace, "`\(entry.key)` is not a currency code: 3 to 8 capital letters")
                continue
            }
            guard case .int(let exponent) = entry.value.scalar, (0...exponentMax).contains(exponent) else {
                file.error(entry.value.place, "the decimals of `\(entry.key)` must be 0 to \(exponentMax)")
                continue
            }
            exponents[entry.key] = Int(exponent)
        }
        return Currencies(exponents)
    }
}
