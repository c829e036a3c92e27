import Engine

/// Random numbers that only the seed decides, the same on every machine.
struct SeededRandom {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// The next 64 bits.
    mutating func next() -> UInt64 { generator.next() }

    /// A number from 0 to just below `bound`, which is at least 1 and below 2^32.
    mutating func next(below bound: Int) -> Int { Int(((next() >> 32) &* UInt64(bound)) >> 32) }

    /// A number of a range.
    mutating func int(_ range: ClosedRange<Int>) -> Int { range.lowerBound + next(below: range.count) }

    /// Whether something happens that happens in so many of a thousand cases.
    mutating func chance(_ perThousand: Int) -> Bool { next(below: 1000) < perThousand }

    /// One of the elements, of which there is at least one.
    mutating func pick<T>(_ elements: [T]) -> T { elements[next(below: elements.count)] }

    /// An index, each as likely as its weight says.
    mutating func weighted(_ weights: [Int]) -> Int {
        var rest = next(below: weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index }
            rest -= weight
        }
        return weights.count - 1
    }

    /// An index below `count`, low ones more often than high ones: what comes first is popular.
    mutating func popular(below count: Int) -> Int { min(next(below: count), next(below: count)) }
}
