/// The elements of a constant list, found by hash.
struct ConstantSet: Sendable {
    private static let linearMax = 4

    private let elements: [Value]
    /// The strings among them, one behind the other: looking at one need not retain an array of its own.
    private let octets: [UInt8]
    /// Where each string ends in `octets`.
    private let ends: [Int]
    /// Positions in `ends` by hash, -1 where empty; a power of two long.
    private var table: [Int32] = []
    private let ints: Set<Int64>
    private let isNumeric: Bool

    init(_ elements: [Value]) {
        self.elements = elements
        let texts = elements.compactMap(\.utf8Bytes)
        octets = texts.flatMap { $0 }
        var end = 0
        ends = texts.map {
            end += $0.count
            return end
        }
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

    private func isText(_ position: Int, _ text: Octets, in all: Octets) -> Bool {
        all[(position == 0 ? 0 : ends[position - 1])..<ends[position]] == text
    }

    private func contains(text: Octets) -> Bool {
        octets.withOctets { all in
            if table.isEmpty {
                for position in ends.indices where isText(position, text, in: all) { return true }
                return false
            }
            var place = Self.hash(text) & (table.count - 1)
            while table[place] >= 0 {
                if isText(Int(table[place]), text, in: all) { return true }
                place = (place + 1) & (table.count - 1)
            }
            return false
        }
    }

    func contains(_ value: Value) -> Bool {
        if let found = value.withUTF8({ contains(text: $0) }) { return found }
        if case .int(let number) = value, !isNumeric { return ints.contains(number) }
        return elements.contains(value)
    }
}
