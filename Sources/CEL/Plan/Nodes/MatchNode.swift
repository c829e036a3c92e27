/// `text.matches(pattern)` with a constant pattern.
final class MatchNode: Node, @unchecked Sendable {
    private let text: Node
    private let regex: Regex

    init(_ text: Node, _ regex: Regex) {
        self.text = text
        self.regex = regex
    }

    override func evaluate(_ activation: Activation) -> Value {
        let value = text.evaluate(activation)
        if case .error = value { return value }
        return regex.matches(value, activation) ?? .noOverload
    }
}
