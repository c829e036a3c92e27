import AgentKit

/// Writes records whose currency is that of their amounts.
extension Evaluator {
    /// Amounts that come after `currency` are asked before it where none that comes earlier says which it is.
    func writeMoney(_ members: [DataPlan.Member], to writer: inout ValueWriter) throws(RuleFailure) {
        let around = writer.enterCurrency()
        var ahead: (index: Int, value: Value)?
        writer.beginObject()
        for (index, member) in members.enumerated() {
            if case .currency = member.plan {
                if writer.currency == nil { ahead = try amount(members, after: index) }
                if let value = ahead?.value { try writer.note(amounts: value) }
                try writer.broughtCurrency(isOptional: member.isOptionalEntry)
            } else if let ahead, ahead.index == index {
                try write(member, ahead.value, to: &writer)
            } else if member.name == RecordSchema.currencyName {
                try writeCurrency(member, to: &writer)
            } else {
                try write(member, to: &writer)
            }
        }
        writer.endObject()
        try writer.leaveCurrency(around)
    }

    /// The first amount after a place that is there and has a currency, with its place.
    private func amount(
        _ members: [DataPlan.Member], after place: Int
    ) throws(RuleFailure) -> (index: Int, value: Value)? {
        for index in (place + 1)..<members.count {
            guard case .value(let program, let type) = members[index].plan, type.holdsAmounts else { continue }
            let value = try value(program)
            if value.firstCurrency != nil { return (index, value) }
        }
        return nil
    }

    /// A currency that the rule gives, in which amounts further in have to be.
    private func writeCurrency(_ member: DataPlan.Member, to writer: inout ValueWriter) throws(RuleFailure) {
        switch member.plan {
        case .value(let program, let type):
            let value = try value(program)
            writer.key(member.utf8)
            try writer.write(value, type, member.constraint)
            if let currency = CurrencyCode(value) { try writer.note(currency) }
        case .constant(let json):
            try write(member, to: &writer)
            if let currency = CurrencyCode(json.dropFirst().dropLast()) { try writer.note(currency) }
        default: try write(member, to: &writer)
        }
    }

    private func write(
        _ member: DataPlan.Member, _ value: Value, to writer: inout ValueWriter
    ) throws(RuleFailure) {
        guard case .value(_, let type) = member.plan else { return }
        if member.isOptionalEntry { return try writeOptional(member, value, to: &writer) }
        writer.key(member.utf8)
        try writer.write(value, type, member.constraint)
    }
}

extension Value {
    /// The currency of an amount, or of the first of a list or in an optional that has one.
    var firstCurrency: CurrencyCode? {
        switch self {
        case .money(let money): money.currency == .none ? nil : money.currency
        case .list(let amounts): amounts.lazy.compactMap(\.firstCurrency).first
        case .optional(let content): content.value?.firstCurrency
        default: nil
        }
    }
}
