/// One thing wrong with an expression and where it stands.
package struct Diagnostic: Hashable, Sendable {
    /// From 1.
    package let line: Int
    /// From 1, in code points.
    package let column: Int
    /// In UTF-8 bytes from the start of the source.
    package let offset: Int
    /// In code points; at least 1.
    package let length: Int
    /// Lower case, without position.
    package let message: String

    package init(line: Int, column: Int, offset: Int, length: Int, message: String) {
        self.line = line
        self.column = column
        self.offset = offset
        self.length = length
        self.message = message
    }
}
