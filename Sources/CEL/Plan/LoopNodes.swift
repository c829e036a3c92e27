/// `all` and `exists`: errors are absorbed where a later element decides.
final class QuantifierNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let predicate: Node
    /// What a predicate must be to decide.
    private let deciding: Bool

    init(_ loop: Loop, _ predicate: Node, deciding: Bool) {
        self.loop = loop
        self.predicate = predicate
        self.deciding = deciding
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        var isDecided = false
        var failure: Value?
        let range = loop.range.evaluate(activation)
        let stop = loop.run(activation, over: range) {
            switch predicate.truth(activation) {
            case .yes: isDecided = deciding
            case .no: isDecided = !deciding
            case .failed: if failure == nil { failure = activation.failure }
            }
            return !isDecided
        }
        if isDecided { return Truth(deciding) }
        if let problem = stop ?? failure { return Truth(problem, activation) }
        return Truth(!deciding)
    }
}

/// `exists_one`: runs over all, absorbs nothing.
final class ExistsOneNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let predicate: Node

    init(_ loop: Loop, _ predicate: Node) {
        self.loop = loop
        self.predicate = predicate
    }

    override func evaluate(_ activation: Activation) -> Value {
        var count = 0
        var failure: Value?
        let range = loop.range.evaluate(activation)
        let stop = loop.run(activation, over: range) {
            switch predicate.truth(activation) {
            case .yes: count += 1
            case .no: break
            case .failed: failure = activation.failure
            }
            return failure == nil
        }
        return stop ?? failure ?? .bool(count == 1)
    }
}

/// `map`, `filter` and `transformList`.
final class ListLoopNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let filter: Node?
    /// The element of the result; the variable itself where there is none.
    private let transform: Node?

    init(_ loop: Loop, filter: Node?, transform: Node?) {
        self.loop = loop
        self.filter = filter
        self.transform = transform
    }

    override func evaluate(_ activation: Activation) -> Value {
        var result: [Value] = []
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
            let value = transform?.evaluate(activation) ?? activation.frameLocal(loop.first)
            if case .error = value {
                failure = value
                return false
            }
            result.append(value)
            return true
        }
        return stop ?? failure ?? .list(result)
    }
}

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

/// `sortBy`.
final class SortNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let key: Node

    init(_ loop: Loop, _ key: Node) {
        self.loop = loop
        self.key = key
    }

    override func evaluate(_ activation: Activation) -> Value {
        let range = loop.range.evaluate(activation)
        if case .error = range { return range }
        guard range.listCount != nil else { return .noOverload }
        var keys: [Value] = []
        var elements: [Value] = []
        var failure: Value?
        let stop = loop.run(activation, over: range) {
            let value = key.evaluate(activation)
            if case .error = value {
                failure = value
                return false
            }
            keys.append(value)
            elements.append(activation.frameLocal(loop.first))
            return true
        }
        return stop ?? failure ?? Lists.sorted(elements, by: keys, activation)
    }
}
