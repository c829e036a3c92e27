/// A node of the syntax tree; the checker fills in its type and the resolution of its name.
final class Expression {
    indirect enum Kind {
        /// A place where the parser found an error.
        case invalid
        case literal(Value)
        /// With a leading dot if the source has one.
        case identifier(String)
        case select(Expression, field: String, mode: SelectMode)
        case index(Expression, Expression, isOptional: Bool)
        case call(String, target: Expression?, [Expression])
        case list([Element])
        case map([Entry])
        case and([Expression])
        case or([Expression])
        case conditional(Expression, Expression, Expression)
        case comprehension(Comprehension)
        case bind(BindKind, name: String, Expression, Expression)
        case block([Expression], Expression)
    }

    enum SelectMode { case plain, optional, test }

    enum BindKind { case plain, optionalMap, optionalFlatMap }

    struct Element {
        let value: Expression
        let isOptional: Bool
    }

    struct Entry {
        let key: Expression
        let value: Expression
        let isOptional: Bool
    }

    enum Resolution {
        case variable(slot: Int)
        case local(Int)
        case type(CELType)
        /// A function of that full name, called without a target.
        case function(String)
        /// An unknown name: an error when it is evaluated.
        case unknown
    }

    /// The checker replaces a name that stands for a member of a variable with that member.
    var kind: Kind
    /// The range that a message about it points at: the operator of a call, the name of a selection.
    let range: Range<Int>
    /// The range of its whole text.
    let extent: Range<Int>
    let height: Int
    var type = CELType.dyn
    var resolution: Resolution?

    init(_ kind: Kind, _ range: Range<Int>, extent: Range<Int>? = nil, height: Int = 1) {
        self.kind = kind
        self.range = range
        self.extent = extent ?? range
        self.height = height
    }
}

/// A macro that iterates over the elements of a list or the entries of a map.
struct Comprehension {
    enum Kind {
        case all, exists, existsOne, map, filter, transformList, transformMap, transformMapEntry, sortBy
    }

    let kind: Kind
    let range: Expression
    /// The element or key; with two variables the index or key.
    let first: String
    /// The element or value of the two-variable forms.
    let second: String?
    /// The filter of map and transform macros.
    let filter: Expression?
    /// The predicate, transformation or sorting key.
    let body: Expression
}
