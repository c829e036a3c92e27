final class NotNode: Node, @unchecked Sendable {
    private let operand: Node

    init(_ operand: Node) { self.operand = operand }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        switch operand.truth(activation) {
        case .yes: .no
        case .no: .yes
        case .failed: .failed
        }
    }
}
