/// A decision table as it is written.
struct TableSource {
    struct Input {
        let name: String
        let expression: ExpressionText
    }

    struct Row {
        enum Condition {
            /// Cells by input; an input without a cell holds.
            case cells([(input: Int, cell: YamlNode)])
            case expression(ExpressionText)
            /// The row of last resort.
            case always
        }

        let condition: Condition
        let outputs: [(name: String, value: YamlNode)]
        let place: SourcePlace
    }

    let inputs: [Input]
    /// In order; `default` is the last.
    let rows: [Row]
    let place: SourcePlace
}
