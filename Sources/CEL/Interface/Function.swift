/// A function that the embedding program adds to the language.
package struct Function: Sendable {
    /// Computes a result from strict arguments, none of which is an error.
    package typealias Body = @Sendable (Arguments) -> Value

    package struct Overload: Sendable {
        /// For a member function the first is the receiver.
        package let parameters: [CELType]
        package let result: CELType
        package let isMember: Bool
        /// Cost units a call; 1 is one simple operation.
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
    /// Says what is wrong with a call, going by what is known of its arguments; nil where nothing is.
    package let judge: (@Sendable ([KnownArgument]) -> String?)?

    package init(
        _ name: String, _ overloads: [Overload], judge: (@Sendable ([KnownArgument]) -> String?)? = nil
    ) {
        self.name = name
        self.overloads = overloads
        self.judge = judge
    }
}
