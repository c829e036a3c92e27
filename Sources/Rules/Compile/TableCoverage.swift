import AgentKit

/// Looks for rows of a decision table that can never win and for inputs that no row covers.
///
/// Each input's values are cut into as many kinds as its cells tell apart (each literal named, each stretch between two
/// bounds, and everything else), and every combination is tried. Rows with a CEL condition may hold or not: they hide
/// no row and cover nothing.
struct TableCoverage {
    /// Combinations beyond this are not tried.
    static let combinationsMax = 100_000

    let file: SourceFile
    let source: TableSource
    let conditions: [TablePlan.Condition]
    let types: [CELType]
    /// The values of inputs that are enums; nil for others.
    let domains: [[String]?]

    func report() {
        let kinds = types.indices.map(kinds)
        var combinations = 1
        for kind in kinds {
            combinations *= kind.count
            guard combinations <= Self.combinationsMax else { return }
        }
        var winners: Set<Int> = []
        var uncovered: [Value]?
        for number in 0..<combinations {
            let inputs = combination(number, kinds)
            var isCovered = false
            for (row, condition) in conditions.enumerated() {
                switch verdict(condition, inputs) {
                case true?:
                    winners.insert(row)
                    isCovered = true
                case nil: winners.insert(row)
                case false?: continue
                }
                if isCovered { break }
            }
            if !isCovered, uncovered == nil { uncovered = inputs }
        }
        for (row, condition) in conditions.enumerated() where !winners.contains(row) {
            if case .program = condition { continue }
            file.warning(source.rows[row].place, "this row can never win: the rows above hold first")
        }
        if let uncovered {
            let shown = zip(source.inputs, uncovered).map { "\($0.name) \(Self.text($1))" }
            file.warning(
                source.place, "no row covers " + (shown.isEmpty ? "every case" : shown.joined(separator: ", ")))
        }
    }

    private func verdict(_ condition: TablePlan.Condition, _ inputs: [Value]) -> Bool? {
        switch condition {
        case .always: true
        case .program(let program): program.constantValue?.boolValue
        case .cells(let cells): cells.allSatisfy { cell in cell.tests.contains { $0.holds(inputs[cell.input]) } }
        }
    }

    private func combination(_ number: Int, _ kinds: [[Value]]) -> [Value] {
        var rest = number
        return kinds.map { kind in
            defer { rest /= kind.count }
            return kind[rest % kind.count]
        }
    }

    /// One value of every kind that the cells of an input tell apart.
    private func kinds(_ input: Int) -> [Value] {
        if types[input] == .bool { return [.bool(false), .bool(true)] }
        if let domain = domains[input] { return domain.map { .string($0) } }
        var texts: [String] = []
        var numbers: Set<Double> = []
        for case .cells(let cells) in conditions {
            for test in cells.filter({ $0.input == input }).flatMap(\.tests) {
                switch test {
                case .equals(.string(let text)): if !texts.contains(text) { texts.append(text) }
                case .equals(.int(let value)): numbers.insert(Double(value))
                case .equals(.double(let value)): numbers.insert(value)
                case .range(let lower, _, let upper, _): numbers.formUnion([lower, upper].compactMap { $0 })
                case .equals: break
                }
            }
        }
        switch types[input] {
        case .int:
            return numberKinds(numbers.sorted(), step: 1).compactMap {
                Int64(exactly: $0.rounded(.down)).map { .int($0) }
            }
        case .double: return numberKinds(numbers.sorted(), step: nil).map { .double($0) }
        default: return texts.map { .string($0) } + [.string(Self.other)]
        }
    }

    /// The bounds, a number between each two, and one before and one after them all.
    private func numberKinds(_ bounds: [Double], step: Double?) -> [Double] {
        guard let first = bounds.first, let last = bounds.last else { return [0] }
        var result = [first - 1]
        for (index, bound) in bounds.enumerated() {
            result.append(bound)
            guard index + 1 < bounds.count else { break }
            let middle = step.map { bound + $0 } ?? (bound + bounds[index + 1]) / 2
            if middle < bounds[index + 1] { result.append(middle) }
        }
        return result + [last + 1]
    }

    private static let other = "\u{0}other"

    private static func text(_ value: Value) -> String {
        switch value {
        case .string(let text): text == other ? "with any other text" : "`\(text)`"
        case .int(let value): "`\(value)`"
        case .double(let value): "`\(value)`"
        case .bool(let value): "`\(value)`"
        default: "`?`"
        }
    }
}
