/// Gives records with amounts their currency: that of the nearest record around them which always has one, else a member
/// of their own.
struct CurrencyPlacement {
    /// What is wrong, by the member of the outermost record in which it is.
    private(set) var problems: [(member: String, message: String)] = []

    /// The record with the members that its amounts bring, and the same of records in it.
    mutating func placed(_ schema: RecordSchema) -> RecordSchema { placed(schema, isLent: false, within: nil) }

    /// - Parameters:
    ///   - isLent: whether a record around it always has a currency.
    ///   - member: the member of the outermost record that it is part of.
    private mutating func placed(_ schema: RecordSchema, isLent: Bool, within member: String?) -> RecordSchema {
        guard schema.currency == .none, schema.holdsMoney else { return schema }
        var declared = schema.declaredOrder.map { schema.members[$0] }
        let amounts = declared.filter(\.type.holdsAmounts)
        let written = declared.first { $0.name == RecordSchema.currencyName }
        let currency: RecordSchema.Currency
        if let written, let amount = amounts.first {
            problems.append(
                (member ?? written.name, "`currency` is brought by `\(amount.name): \(amount.type.text)`: leave it out")
            )
            return schema
        } else if let written {
            currency = !written.isOptional && written.type.isText ? .written : .none
        } else if amounts.isEmpty || isLent {
            currency = amounts.isEmpty ? .none : .enclosing
        } else {
            currency = amounts.allSatisfy(\.isOptional) ? .optional : .required
        }
        if currency == .required || currency == .optional, let first = declared.firstIndex(where: \.type.holdsAmounts) {
            declared.insert(
                RecordSchema.Member(
                    name: RecordSchema.currencyName, type: .string, isOptional: currency == .optional, constraint: nil),
                at: first + 1)
        }
        let isAlwaysThere = currency == .required || currency == .written
        let lends = isAlwaysThere || isLent && written == nil && currency != .optional
        return RecordSchema(
            name: schema.name,
            declared: declared.map { inner in
                RecordSchema.Member(
                    name: inner.name, type: placed(inner.type, isLent: lends, within: member ?? inner.name),
                    isOptional: inner.isOptional, constraint: inner.constraint)
            }, currency: currency)
    }

    private mutating func placed(_ type: DeclaredType, isLent: Bool, within member: String) -> DeclaredType {
        switch type {
        case .list(let element): .list(placed(element, isLent: isLent, within: member))
        case .map(let value): .map(placed(value, isLent: isLent, within: member))
        case .record(let schema): .record(placed(schema, isLent: isLent, within: member))
        default: type
        }
    }
}
