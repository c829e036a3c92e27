/// Something in a table that is not of the form that its `SOURCE.md` states, and where.
struct TableError: Error, CustomStringConvertible {
    /// RFC 6901 pointer into the file; empty for the whole of it.
    let pointer: String
    let message: String

    var description: String { pointer.isEmpty ? message : "at `\(pointer)`: \(message)" }
}
