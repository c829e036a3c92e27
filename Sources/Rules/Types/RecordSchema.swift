import AgentKit

/// The members of a declared record.
package final class RecordSchema: Sendable {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let type: DeclaredType
        package let isOptional: Bool
        let constraint: Constraint?
        /// What the door keeps of it; nil where that is the value.
        let minimising: Minimising?
        let utf8: [UInt8]

        init(
            name: String, type: DeclaredType, isOptional: Bool, constraint: Constraint?, minimising: Minimising? = nil
        ) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.constraint = constraint
            self.minimising = minimising
            utf8 = Array(name.utf8)
        }
    }

    /// The member `currency` of a record with amounts, or of one around it.
    enum Currency {
        /// There is none.
        case none
        /// Brought by the amounts, and there wherever the record is.
        case required
        /// Brought by the amounts, and there exactly where one of them is.
        case optional
        /// Written out in the declaration.
        case written
        /// The currency of the nearest record around it that has one.
        case enclosing
    }

    /// The name of the record in type checks, unique in a rule set.
    package let name: String
    /// In the order of RFC 8785.
    package let members: [Member]
    /// The positions in `members` in the order of the declaration.
    let declaredOrder: [Int]
    let isCopiedAsWritten: Bool
    let holdsAnything: Bool
    let holdsMoney: Bool
    let currency: Currency
    /// The members that are amounts or lists of them, in the order of `members`.
    let amounts: [String]
    /// Indicates that amounts in it are in the currency of a record around it.
    let borrowsCurrency: Bool

    init(name: String, declared: [Member], currency: Currency = .none) {
        self.name = name
        self.currency = currency
        let order = declared.indices.sorted { JCS.precedes(declared[$0].name, declared[$1].name) }
        members = order.map { declared[$0] }
        var positions = Array(repeating: 0, count: declared.count)
        for (position, index) in order.enumerated() { positions[index] = position }
        declaredOrder = positions
        isCopiedAsWritten = declared.allSatisfy(\.type.isCopiedAsWritten)
        holdsAnything = declared.contains { $0.type.holdsAnything }
        amounts = members.filter(\.type.holdsAmounts).map(\.name)
        holdsMoney = declared.contains { $0.type.holdsMoney }
        let borrows = declared.contains { $0.type.borrowsCurrency }
        borrowsCurrency = borrows && (currency == .none || currency == .enclosing)
    }

    /// The amounts in it, for who shows it to people.
    var amountMembers: AmountMembers {
        AmountMembers(
            amounts, inner: Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.type.amountMembers) }))
    }

    /// Returns true if the declaration has a member because of the amounts beside it.
    func isBrought(_ member: Member) -> Bool {
        (currency == .required || currency == .optional) && member.name == Self.currencyName
    }

    /// Indicates that amounts in it are held to one currency that the record itself states.
    var hasCurrency: Bool {
        switch currency {
        case .required, .optional: true
        case .written: holdsMoney
        case .none, .enclosing: false
        }
    }

    static let currencyName = "currency"

    package func index(of name: String) -> Int? { members.firstIndex { $0.utf8.elementsEqual(name.utf8) } }

    /// The type of a member; nil where it is not declared.
    func type(of name: String) -> DeclaredType? { index(of: name).map { members[$0].type } }

    /// The record as a file would declare it.
    package var text: String {
        "{"
            + declaredOrder.filter { !isBrought(members[$0]) }.map { index in
                let member = members[index]
                return member.name + ": " + (member.isOptional ? "optional " : "")
                    + (member.minimising == nil ? "" : "minimal ") + member.type.text
            }.joined(separator: ", ") + "}"
    }
}

extension RecordSchema: Hashable {
    package static func == (a: RecordSchema, b: RecordSchema) -> Bool { a === b || a.members == b.members }
    package func hash(into hasher: inout Hasher) { hasher.combine(members.count) }
}

/// Gives records with amounts their currency: that of the nearest record around them which always has one, else a
/// member of their own.
struct CurrencyPlacement {
    /// The problems found, each with the member of the outermost record in which it is.
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
                    isOptional: inner.isOptional, constraint: inner.constraint, minimising: inner.minimising)
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
