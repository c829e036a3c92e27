/// Random numbers that follow from the seed alone, the same on every machine.
struct SeededRandom {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// The next 64 bits.
    mutating func next() -> UInt64 { generator.next() }

    /// A number from 0 to just below `bound`, which is at least 1 and below 2^32.
    mutating func next(below bound: Int) -> Int { Int(((next() >> 32) &* UInt64(bound)) >> 32) }

    /// A number in a range.
    mutating func int(_ range: ClosedRange<Int>) -> Int { range.lowerBound + next(below: range.count) }

    /// Returns true in so many of a thousand cases.
    mutating func chance(_ perThousand: Int) -> Bool { next(below: 1000) < perThousand }

    /// One of the elements, of which there is at least one.
    mutating func pick<T>(_ elements: [T]) -> T { elements[next(below: elements.count)] }

    /// An index, with a probability in proportion to its weight.
    mutating func weighted(_ weights: [Int]) -> Int {
        var rest = next(below: weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index }
            rest -= weight
        }
        return weights.count - 1
    }

    /// An index below `count`, low ones more often than high ones: the first elements are the popular ones.
    mutating func popular(below count: Int) -> Int { min(next(below: count), next(below: count)) }
}

/// The SplitMix64 generator: bits that follow from the seed alone, the same on every machine. Source: Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix64: Sendable {
    private var state: UInt64

    /// Creates a generator whose bits follow from the seed.
    init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Random numbers of the histories of interactions, the same for a seed on every machine.
struct InteractionRandom {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// A number from 0 to below `bound`, which is at least 1.
    mutating func below(_ bound: Int) -> Int { Int(generator.next().multipliedFullWidth(by: UInt64(bound)).high) }

    mutating func isWithin(percent: Int) -> Bool { below(100) < percent }

    /// A number from 0 to below `bound`, with a probability of about 1 / (number + 1), which is Zipf's law.
    mutating func rank(below bound: Int) -> Int {
        let bits = bound.bitWidth - bound.leadingZeroBitCount
        while true {
            let floor = 1 << below(bits)
            let rank = floor + below(floor) - 1
            if rank < bound { return rank }
        }
    }
}
