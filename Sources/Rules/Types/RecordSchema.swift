import AgentKit

/// The members of a declared record.
package final class RecordSchema: Sendable {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let type: DeclaredType
        package let isOptional: Bool
        let constraint: Constraint?
        let utf8: [UInt8]

        init(name: String, type: DeclaredType, isOptional: Bool, constraint: Constraint?) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.constraint = constraint
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
        /// That of the nearest record around it which has one.
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
    /// True where amounts in it are in the currency of a record around it.
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

    /// Tells if the declaration has a member because of the amounts beside it.
    func isBrought(_ member: Member) -> Bool {
        (currency == .required || currency == .optional) && member.name == Self.currencyName
    }

    /// True where amounts in it are held to one currency that it says itself.
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

    /// As a file would declare it.
    package var text: String {
        "{"
            + declaredOrder.filter { !isBrought(members[$0]) }.map { index in
                let member = members[index]
                return member.name + ": " + (member.isOptional ? "optional " : "") + member.type.text
            }.joined(separator: ", ") + "}"
    }
}

extension RecordSchema: Hashable {
    package static func == (a: RecordSchema, b: RecordSchema) -> Bool { a === b || a.members == b.members }
    package func hash(into hasher: inout Hasher) { hasher.combine(members.count) }
}
