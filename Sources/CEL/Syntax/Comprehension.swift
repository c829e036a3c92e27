/// A macro that runs over the elements of a list or the entries of a map.
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
