import AgentKit

/// Folds entries into the tables that rule files declare. It never fails: an expression in error leaves its member as it was,
/// which is the same at every replay.
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
