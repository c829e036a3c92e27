/// Finds the parts of compact JSON that the service wrote, without building values of them.
enum JSONElements {
    /// The elements of the array that is the member `name` of the outermost object.
    static func elements(of name: String, in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard let start = value(of: name, in: bytes[...]), bytes[start.startIndex] == 0x5B else { return [] }
        return split(start.dropFirst().dropLast())
    }

    /// The text of the member `name` of the outermost object.
    static func value(of name: String, in object: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard object.first == 0x7B, object.last == 0x7D else { return nil }
        let key = Array("\"\(name)\":".utf8)
        return split(object.dropFirst().dropLast()).first { $0.starts(with: key) }?.dropFirst(key.count)
    }

    /// Splits at the commas that stand outside of strings, objects and arrays.
    private static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var depth = 0
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case 0x22: index = endOfString(bytes, index)
            case 0x5B, 0x7B: depth += 1
            case 0x5D, 0x7D: depth -= 1
            case 0x2C where depth == 0:
                parts.append(bytes[start..<index])
                start = index + 1
            default: break
            }
            index += 1
        }
        if start < bytes.endIndex { parts.append(bytes[start...]) }
        return parts
    }

    private static func endOfString(_ bytes: ArraySlice<UInt8>, _ quote: Int) -> Int {
        var index = quote + 1
        while index < bytes.endIndex, bytes[index] != 0x22 { index += bytes[index] == 0x5C ? 2 : 1 }
        return min(index, bytes.endIndex - 1)
    }
}
