/// A place in a file, both from 1; the column in code points.
struct SourcePlace: Hashable, Sendable {
    let line: Int
    let column: Int
}
