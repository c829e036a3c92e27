import AgentKit

/// What becomes of the members of a row when something is folded into it.
struct RowChange {
    private let row: Document
    private let schema: RecordSchema
    /// Whether optional members that are not named are absent then.
    private let isWhole: Bool
    /// The members that get a new value, or become absent.
    private var new: [Int: [UInt8]?] = [:]
    /// The members whose expressions are in error.
    private var failed: Set<Int> = []

    init(_ row: Document, _ plan: FoldPlan) {
        self.row = row
        schema = plan.table.schema
        isWhole = plan.action == .put
    }

    mutating func set(_ member: Int, _ bytes: [UInt8]?) { new.updateValue(bytes, forKey: member) }

    mutating func fail(_ member: Int) { failed.insert(member) }

    /// The row afterwards; nil where that is no document that can be read.
    var changed: Document? {
        var index = -1
        return RecordJSON.merged(schema) { _ in
            index += 1
            return bytes(index)
        }
    }

    private func bytes(_ member: Int) -> [UInt8]? {
        if let bytes = new[member] { return bytes }
        return isWhole && !failed.contains(member) ? nil : old(member)
    }

    private func old(_ member: Int) -> [UInt8]? { RecordJSON.bytes(of: schema.members[member], in: row) }

    /// Gives the row the currency of its new amounts. Where amounts that stay are in another, all stay as they were: a row has
    /// one currency.
    mutating func settle(_ code: CurrencyCode?) {
        guard let place = schema.index(of: RecordSchema.currencyName) else { return }
        let holders = schema.members.indices.filter { schema.members[$0].type.borrowsCurrency }
        let currency = code.map { Array("\"\($0.text)\"".utf8) }
        let isWritten = schema.currency == .written
        let now = isWritten ? bytes(place) : old(place)
        if let currency, currency != now, isWritten || holders.contains(where: holdsOld) {
            for member in holders where new.removeValue(forKey: member) != nil { failed.insert(member) }
            if !isWritten { set(place, now) }
        } else if !isWritten {
            set(place, holders.contains { bytes($0) != nil } ? currency ?? now : nil)
        }
    }

    /// Whether an amount stays in a member, and is one.
    private func holdsOld(_ member: Int) -> Bool {
        guard new[member] == nil, let bytes = bytes(member) else { return false }
        return bytes != RecordJSON.empty(schema.members[member].type)
    }
}
