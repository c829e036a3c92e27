import AgentKit

/// How the data of a decision is written. A map literal with constant keys becomes a list of members in the order of
/// RFC 8785, so that no map is built; anything else is evaluated and converted.
indirect enum DataPlan {
    final class Member {
        let name: String
        let utf8: [UInt8]
        /// Whether the entry is `?"name": optional`, left out where the optional is empty.
        let isOptionalEntry: Bool
        let constraint: Constraint?
        let plan: DataPlan

        /// The currency of the amounts beside it.
        static func currency(isOptional: Bool) -> Member {
            Member(name: RecordSchema.currencyName, isOptionalEntry: isOptional, constraint: nil, plan: .currency)
        }

        init(name: String, isOptionalEntry: Bool, constraint: Constraint?, plan: DataPlan) {
            self.name = name
            utf8 = Array(name.utf8)
            self.isOptionalEntry = isOptionalEntry
            self.constraint = constraint
            self.plan = plan
        }
    }

    /// A piece of a text that is put together.
    enum Piece {
        case literal(String)
        case value(Program)
        /// The code of the amounts written before.
        case currency
    }

    case value(Program, DeclaredType)
    /// A text; unlike one for people it fails the rule where a piece of it does.
    case text([Piece])
    case members([Member])
    /// A record whose currency is that of its amounts, or of amounts in it.
    case money([Member])
    /// The member `currency` that amounts bring.
    case currency
    case elements([DataPlan])
    /// Canonical JSON that no event changes.
    case constant([UInt8])

    static var empty: DataPlan { .constant(Array("{}".utf8)) }
}
