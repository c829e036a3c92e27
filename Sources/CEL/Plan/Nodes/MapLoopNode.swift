/// `transformMap` and `transformMapEntry`.
final class MapLoopNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let filter: Node?
    private let transform: Node
    private let makesEntries: Bool

    init(_ loop: Loop, filter: Node?, transform: Node, makesEntries: Bool) {
        self.loop = loop
        self.filter = filter
        self.transform = transform
        self.makesEntries = makesEntries
    }

    override func evaluate(_ activation: Activation) -> Value {
        var builder = MapBuilder()
        var failure: Value?
        let range = loop.range.evaluate(activation)
        let stop = loop.run(activation, over: range) {
            if let filter {
                switch filter.truth(activation) {
                case .yes: break
                case .no: return true
                case .failed:
                    failure = activation.failure
                    return false
                }
            }
            failure = add(transform.evaluate(activation), activation, &builder)
            return failure == nil
        }
        return stop ?? failure ?? builder.finish()
    }

    private func add(_ value: Value, _ activation: Activation, _ builder: inout MapBuilder) -> Value? {
        if case .error = value { return value }
        guard makesEntries else { return builder.add(activation.frameLocal(loop.first), value) }
        guard let count = value.mapCount else { return .noOverload }
        for index in 0..<count {
            if let failure = builder.add(value.key(at: index), value.value(at: index)) { return failure }
        }
        return nil
    }
}
