import AgentKit

/// A compiled decision table.
struct TablePlan {
    /// What one cell asks of its input.
    enum Test {
        case equals(Value)
        /// Bounds of a number; nil is open.
        case range(lower: Double?, lowerIsIncluded: Bool, upper: Double?, upperIsIncluded: Bool)
    }

    struct Cell {
        let input: Int
        /// Any of them.
        let tests: [Test]
    }

    enum Condition {
        case cells([Cell])
        case program(Program)
        case always
    }

    enum Output {
        case program(Program)
        case constant(Value)
    }

    struct Row {
        let condition: Condition
        /// In the order of `outputs`.
        let outputs: [Output]
        let line: Int
    }

    /// Where `table` is bound.
    let slot: Int
    let inputNames: [String]
    let inputs: [Program]
    let outputs: [String]
    let rows: [Row]
}
