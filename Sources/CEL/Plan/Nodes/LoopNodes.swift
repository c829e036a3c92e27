/// Iteration over a list, or over the entries of a map in key order, with the variables in locals.
struct Loop {
    let range: Node
    let first: Int
    let second: Int?
    /// Cost units per iteration.
    let cost: UInt64
    let firstConversion: Conversion
    let secondConversion: Conversion

    /// Calls `body` for each position until it returns false. Returns an error if the range is one or cannot be
    /// iterated, or if the cost limit is exceeded.
    @inline(__always)
    func run(_ activation: Activation, over value: Value, _ body: () -> Bool) -> Value? {
        let failure = turns(activation, value, body)
        activation.setFrameLocal(first, .null)
        if let second { activation.setFrameLocal(second, .null) }
        return failure
    }

    @inline(__always)
    private func turns(_ activation: Activation, _ value: Value, _ body: () -> Bool) -> Value? {
        switch value {
        case .list(let elements):
            for index in 0..<elements.count {
                guard activation.charge(cost) else { return .costPassed }
                set(activation, index, elements[index])
                if !body() { return nil }
            }
        case .host(let host, let node) where host.kind(node) == .list:
            for index in 0..<host.count(node) {
                guard activation.charge(cost) else { return .costPassed }
                let element = host.element(node, index) ?? .outOfRange(index)
                set(activation, index, elementConversion.apply(element, of: host, node))
                if !body() { return nil }
            }
        case .map, .host:
            for index in 0..<(value.mapCount ?? 0) {
                guard activation.charge(cost) else { return .costPassed }
                activation.setFrameLocal(first, value.key(at: index))
                if let second {
                    activation.setFrameLocal(second, secondConversion.apply(value.value(at: index), of: value))
                }
                if !body() { return nil }
            }
        case .error: return value
        default: return .noOverload
        }
        return nil
    }

    @inline(__always)
    private var elementConversion: Conversion { second == nil ? firstConversion : secondConversion }

    @inline(__always)
    private func set(_ activation: Activation, _ index: Int, _ element: Value) {
        if let second {
            activation.setFrameLocal(first, .int(Int64(index)))
            activation.setFrameLocal(second, element)
        } else {
            activation.setFrameLocal(first, element)
        }
    }
}

/// `all` and `exists`: errors are absorbed if a later element decides.
final class QuantifierNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let predicate: Node
    /// The outcome of a predicate that decides.
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

/// `exists_one`: visits every element and absorbs no error.
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

extension Node {
    /// Returns true if the loop's element passes this filter; an error is put into `failure`.
    @inline(__always)
    fileprivate func admits(_ activation: Activation, _ failure: inout Value?) -> Bool {
        switch truth(activation) {
        case .yes: return true
        case .no: return false
        case .failed:
            failure = activation.failure
            return false
        }
    }
}

/// `map`, `filter` and `transformList`.
final class ListLoopNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let filter: Node?
    /// The element of the result; without one, the variable itself.
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
            if let filter, !filter.admits(activation, &failure) { return failure == nil }
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
            if let filter, !filter.admits(activation, &failure) { return failure == nil }
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
