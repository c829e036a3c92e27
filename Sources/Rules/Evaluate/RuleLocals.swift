import AgentKit
import Synchronization

/// The variables and the decision table of the rule being evaluated: computed when first asked for and at most once.
final class RuleLocals: HostObject, @unchecked Sendable {
    static let variablesNode: UInt32 = 0
    static let tableNode: UInt32 = 1

    private let activation: Activation
    private(set) var plan: RulePlan?
    /// A slot holds this evaluation's value where it carries its stamp; so nothing need be cleared in between.
    private struct Slot {
        var value = Value.null
        var stamp: UInt64 = 0
    }

    private var values: [Slot] = []
    private var outputs: [Slot] = []
    private(set) var stamp: UInt64 = 0
    /// Nil before the table was asked; then the row that won, or none.
    private(set) var row: Row?

    enum Row {
        case won(Int)
        case none(Value)
    }

    init(_ activation: Activation) { self.activation = activation }

    func enter(_ plan: RulePlan) {
        stamp += 1
        if self.plan === plan {
            if row != nil { row = nil }
            return
        }
        self.plan = plan
        row = nil
        while values.count < plan.variables.count { values.append(Slot()) }
        while outputs.count < plan.table?.outputs.count ?? 0 { outputs.append(Slot()) }
    }

    /// The value of a variable if something asked for it.
    func computed(_ index: Int) -> Value? { values[index].stamp == stamp ? values[index].value : nil }

    func count(_ node: UInt32) -> Int {
        node == Self.variablesNode ? plan?.variables.count ?? 0 : plan?.table?.outputs.count ?? 0
    }

    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        node == Self.variablesNode ? variable(name) : output(name)
    }

    func key(_ node: UInt32, at position: Int) -> Value {
        let names = node == Self.variablesNode ? plan?.variables.map(\.name) : plan?.table?.outputs
        let sorted = (names ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return position < sorted.count ? .string(sorted[position]) : .null
    }

    private func variable(_ name: FieldName) -> Value? {
        guard let plan else { return nil }
        var index = Int(truncatingIfNeeded: name.hint.load(ordering: .relaxed))
        if index >= plan.variables.count || plan.variables[index].utf8 != name.utf8 {
            guard let found = plan.variables.firstIndex(where: { $0.utf8 == name.utf8 }) else { return nil }
            name.hint.store(UInt64(found), ordering: .relaxed)
            index = found
        }
        if values[index].stamp == stamp { return values[index].value }
        let value = plan.variables[index].program.evaluate(activation)
        values[index] = Slot(value: value, stamp: stamp)
        return value
    }

    private func output(_ name: FieldName) -> Value? {
        guard let table = plan?.table, let index = table.outputs.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) })
        else { return nil }
        if outputs[index].stamp == stamp { return outputs[index].value }
        let value: Value
        switch winner(table) {
        case .none(let error): value = error
        case .won(let row):
            switch table.rows[row].outputs[index] {
            case .constant(let constant): value = constant
            case .program(let program): value = program.evaluate(activation)
            }
        }
        outputs[index] = Slot(value: value, stamp: stamp)
        return value
    }

    private func winner(_ table: TablePlan) -> Row {
        if let row { return row }
        let found = search(table)
        row = found
        return found
    }

    private func search(_ table: TablePlan) -> Row {
        var inputs: [Value?] = table.inputs.map { _ in nil }
        for (index, row) in table.rows.enumerated() {
            switch row.condition {
            case .always: return .won(index)
            case .program(let program):
                let value = program.evaluate(activation)
                if case .bool(true) = value { return .won(index) }
                if value.errorValue != nil { return .none(value) }
            case .cells(let cells):
                var holds = true
                for cell in cells {
                    let input = inputs[cell.input] ?? table.inputs[cell.input].evaluate(activation)
                    inputs[cell.input] = input
                    if input.errorValue != nil { return .none(input) }
                    guard cell.tests.contains(where: { $0.holds(input) }) else {
                        holds = false
                        break
                    }
                }
                if holds { return .won(index) }
            }
        }
        return .none(.failure(.noSuchKey, "no row of the table holds"))
    }
}
