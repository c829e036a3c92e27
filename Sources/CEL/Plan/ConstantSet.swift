/// The elements of a constant list, found by hash.
struct ConstantSet: Sendable {
    private static let linearMax = 4

    private let elements: [Value]
    private let texts: [[UInt8]]
    /// Positions in `texts` by hash, -1 where empty; a power of two long.
    private var table: [Int32] = []
    private let ints: Set<Int64>
    private let isNumeric: Bool

    init(_ elements: [Value]) {
        self.elements = elements
        texts = elements.compactMap(\.utf8Bytes)
        ints = Set(elements.compactMap(\.intValue))
        isNumeric = elements.contains { if case .uint = $0 { true } else if case .double = $0 { true } else { false } }
        guard texts.count > Self.linearMax else { return }
        var size = 8
        while size < texts.count * 2 { size *= 2 }
        table = [Int32](repeating: -1, count: size)
        for (position, text) in texts.enumerated() {
            var place = text.withOctets(Self.hash) & (size - 1)
            while table[place] >= 0 { place = (place + 1) & (size - 1) }
            table[place] = Int32(position)
        }
    }

    /// FNV-1a.
    private static func hash(_ text: Octets) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<text.count { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32) & Int.max
    }

    private func isText(_ position: Int, _ text: Octets) -> Bool {
        texts[position].withOctets { $0 == text }
    }

    private func contains(text: Octets) -> Bool {
        if table.isEmpty {
            for position in texts.indices where isText(position, text) { return true }
            return false
        }
        var place = Self.hash(text) & (table.count - 1)
        while table[place] >= 0 {
            if isText(Int(table[place]), text) { return true }
            place = (place + 1) & (table.count - 1)
        }
        return false
    }

    func contains(_ value: Value) -> Bool {
        if let found = value.withUTF8({ contains(text: $0) }) { return found }
        if case .int(let number) = value, !isNumeric { return ints.contains(number) }
        return elements.contains(value)
    }
}
