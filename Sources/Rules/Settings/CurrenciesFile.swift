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
