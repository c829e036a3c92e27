/// What was asked for cannot be read, because there is no such thing to read.
package struct ReadingError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
