import TransparencyLog

/// The tree of RFC 9162 section 2.1, written as the definition reads: what the fast code is compared with.
struct ReferenceTree {
    let leaves: [Hash256]

    init(_ leaves: [Hash256]) { self.leaves = leaves }

    init(count: Int) { leaves = (0..<count).map { leafHash(Array("leaf \($0)".utf8)) } }

    func root(_ range: Range<Int>) -> Hash256 {
        if range.isEmpty { return emptyTreeHash }
        if range.count == 1 { return leaves[range.lowerBound] }
        let k = Self.split(range.count)
        return nodeHash(
            root(range.lowerBound..<(range.lowerBound + k)), root((range.lowerBound + k)..<range.upperBound))
    }

    func root(size: Int) -> Hash256 { root(0..<size) }

    func path(_ m: Int, _ range: Range<Int>) -> [Hash256] {
        if range.count == 1 { return [] }
        let k = Self.split(range.count), middle = range.lowerBound + k
        if m < k {
            return path(m, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
        }
        return path(m - k, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    func proof(_ m: Int, _ range: Range<Int>, isWhole: Bool = true) -> [Hash256] {
        if m == range.count { return isWhole ? [] : [root(range)] }
        let k = Self.split(range.count), middle = range.lowerBound + k
        if m <= k {
            return proof(m, range.lowerBound..<middle, isWhole: isWhole) + [root(middle..<range.upperBound)]
        }
        return proof(m - k, middle..<range.upperBound, isWhole: false) + [root(range.lowerBound..<middle)]
    }

    /// The complete subtree that the fast code asks a source for.
    func node(_ level: Int, _ index: UInt64) -> Hash256 {
        let start = Int(index) << level
        return root(start..<(start + (1 << level)))
    }

    static func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }
}
