import AgentKit

/// Folds entries into the tables that rule files declare. It never fails: an expression in error leaves its member as
/// it was, which is the same at every replay.
final class Folder {
    /// Bytes of a row at most; a change that would make it larger leaves it as it was.
    static let rowBytesMax = Evaluator.dataBytesMax
    /// The slots of what expressions see.
    static let slots = (event: 0, row: 1, count: 2)

    /// By the index of the event type.
    private let plans: [[FoldPlan]]
    private let activation = Activation(slots: slots.count)
    private let entry = EntryHost()
    private var writer = ValueWriter()
    /// Cost units that the entry's expressions may still take.
    private var costLeft: UInt64 = 0

    init(_ plans: [[FoldPlan]]) {
        self.plans = plans
        activation[Self.slots.event] = .host(entry, 0)
    }

    func folds(_ type: EventType) -> Bool { type.index < plans.count && !plans[type.index].isEmpty }

    func fold(_ event: Event, _ type: EventType) {
        entry.enter(event)
        costLeft = Evaluator.costMax
        for plan in plans[type.index] { fold(plan) }
    }

    private func fold(_ plan: FoldPlan) {
        guard let rows = plan.table.rows, let key = value(plan.key)?.stringValue else { return }
        let before = rows.row(key)
        if before == nil, plan.action != .put { return }
        let row = before ?? plan.table.empty
        activation[Self.slots.row] = .host(row, 0)
        if let condition = plan.condition {
            guard value(condition)?.boolValue ?? false else { return }
        }
        guard plan.action != .remove else { return rows.set(nil, at: key) }
        guard let after = changed(row.document, plan) else { return }
        guard after.bytes.count <= Self.rowBytesMax, before == nil || after.bytes != row.document.bytes else { return }
        rows.set(after, at: key)
    }

    /// The row with the members that the plan sets. Of `put`, an optional member that is not named is absent.
    private func changed(_ row: Document, _ plan: FoldPlan) -> Document? {
        let schema = plan.table.schema
        var change = RowChange(row, plan)
        writer.forgetCurrency()
        for member in plan.members {
            if let bytes = written(member, schema.members[member.index]) {
                change.set(member.index, bytes)
            } else {
                change.fail(member.index)
            }
        }
        if schema.hasCurrency { change.settle(writer.currency) }
        return change.changed
    }

    /// The member's new value; `.some(nil)` where it is to be absent, nil where the expression is in error.
    private func written(_ member: FoldPlan.Member, _ declared: RecordSchema.Member) -> [UInt8]?? {
        guard var value = value(member.program) else { return nil }
        if member.isOptional, case .optional(let optional) = value {
            guard let content = optional.value else { return .some(nil) }
            value = content
        }
        let currency = writer.currency
        do throws(RuleFailure) {
            try writer.write(value, declared.type, nil)
            return writer.takeBytes()
        } catch {
            writer.clear()
            writer.currency = currency
            return nil
        }
    }

    /// The value of an expression; nil where it is in error.
    private func value(_ program: Program) -> Value? {
        activation.costLimit = costLeft
        let value = program.evaluate(activation)
        costLeft -= min(costLeft, activation.cost)
        return value.errorValue == nil ? value : nil
    }
}

/// The effect of the entries of one type on one table.
struct FoldPlan {
    enum Action: String, CaseIterable {
        /// Sets the whole row, one that is there already too.
        case put
        /// Sets members of a row that is there.
        case change
        case remove
    }

    /// A member that is set.
    struct Member {
        /// The position among the members of the row.
        let index: Int
        let program: Program
        /// Indicates that an empty optional leaves the member out.
        let isOptional: Bool
    }

    let table: DeclaredTable
    let action: Action
    let key: Program
    /// Nil where it always happens.
    let condition: Program?
    let members: [Member]
}

/// The change of a row's members by one fold.
struct RowChange {
    private let row: Document
    private let schema: RecordSchema
    /// Indicates that optional members that are not named become absent.
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

    /// The row afterwards; nil where that is not a readable document.
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

    /// Gives the row the currency of its new amounts. Where amounts that stay are in another, all stay as they were: a
    /// row has one currency.
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

    /// Returns true if a member keeps its old value, and that is an amount.
    private func holdsOld(_ member: Int) -> Bool {
        guard new[member] == nil, let bytes = bytes(member) else { return false }
        return bytes != RecordJSON.empty(schema.members[member].type)
    }
}
