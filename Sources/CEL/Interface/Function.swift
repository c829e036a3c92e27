/// A function that the embedding program adds to the language.
package struct Function: Sendable {
    /// Computes a result from strict arguments, none of which is an error.
    package typealias Body = @Sendable (Arguments) -> Value

    package struct Overload: Sendable {
        /// For a member function the first is the receiver.
        package let parameters: [CELType]
        package let result: CELType
        package let isMember: Bool
        /// Cost units per call; 1 is one simple operation.
        package let cost: UInt32
        package let body: Body

        package init(
            _ parameters: [CELType], result: CELType, isMember: Bool = false, cost: UInt32 = 1,
            body: @escaping Body
        ) {
            self.parameters = parameters
            self.result = result
            self.isMember = isMember
            self.cost = cost
            self.body = body
        }
    }

    /// May be dotted: `math.abs`.
    package let name: String
    package let overloads: [Overload]
    /// Compile-time check of a call by what is known of its arguments: the problem, or nil if there is none.
    package let judge: (@Sendable ([KnownArgument]) -> String?)?

    package init(
        _ name: String, _ overloads: [Overload], judge: (@Sendable ([KnownArgument]) -> String?)? = nil
    ) {
        self.name = name
        self.overloads = overloads
        self.judge = judge
    }
}

/// The arguments of one call, borrowed from the evaluator's stack; not to be kept after the call.
package struct Arguments {
    @usableFromInline let activation: Activation
    @usableFromInline let start: Int
    package let count: Int

    @inlinable init(activation: Activation, start: Int, count: Int) {
        self.activation = activation
        self.start = start
        self.count = count
    }

    @inlinable package subscript(_ index: Int) -> Value { activation.local(start + index) }

    /// The `context` of the activation.
    @inlinable package var context: AnyObject? { activation.context }

    /// Charges `units` to the activation; returns false once its limit is exceeded.
    @inlinable package func charge(_ units: UInt64) -> Bool { activation.charge(units) }
}

/// Compile-time knowledge of a call's argument.
package indirect enum KnownArgument: Sendable {
    case value(Value)
    case list([KnownArgument])
    /// A map whose keys are constant strings.
    case map([String: KnownArgument])
    case unknown
}

extension KnownArgument {
    /// The elements of a list; nil for anything else or if they are not known one by one.
    package var elements: [KnownArgument]? {
        switch self {
        case .list(let elements): elements
        case .value(.list(let values)): values.map(KnownArgument.value)
        default: nil
        }
    }

    /// The member of a map; `unknown` if there is none or nothing is known of it.
    package func member(_ name: String) -> KnownArgument {
        switch self {
        case .map(let members): members[name] ?? .unknown
        case .value(.map(let map)): map[name].map(KnownArgument.value) ?? .unknown
        default: .unknown
        }
    }

    /// The value, if it is known as a whole.
    package var value: Value? { if case .value(let value) = self { value } else { nil } }
}
