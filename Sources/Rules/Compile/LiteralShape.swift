/// What an expression is on its outside: a map literal with constant keys, a list literal, or something else. Found on
/// the text alone; whether the parts are CEL is for the compiler to say.
enum LiteralShape: Equatable {
    struct Entry: Equatable {
        let key: String
        /// In UTF-8 bytes of the text, quotes included.
        let keyOffset: Int
        let isOptional: Bool
        let value: Range<Int>
    }

    case map([Entry])
    case list([Range<Int>])
    case other

    init(_ text: String) {
        var scanner = LiteralScanner(Array(text.utf8))
        self = scanner.shape() ?? .other
    }
}
