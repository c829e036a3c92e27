/// Cuts bytes into lines that all end in a line feed.
struct TextLines {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The bytes not yet taken.
    var remaining: ArraySlice<UInt8> { rest }

    /// The next line without its line feed, or nil where there is none that ends in one.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[rest.startIndex..<end]
    }
}

extension ArraySlice<UInt8> {
    /// What follows a prefix, or nil where the bytes do not start with it.
    func after(_ prefix: String) -> ArraySlice<UInt8>? {
        starts(with: prefix.utf8) ? dropFirst(prefix.utf8.count) : nil
    }

    /// The text, or nil where it is not UTF-8.
    var text: String? { String(validating: self, as: UTF8.self) }
}

extension String {
    /// Whether two strings have the same bytes; `==` also takes other normal forms for equal.
    func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
