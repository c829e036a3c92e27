/// Numbers that are the same for the same seed on any machine.
struct TasteRandom {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// A number from 0 to below `bound`, which is at least 1.
    mutating func below(_ bound: Int) -> Int { Int(generator.next().multipliedFullWidth(by: UInt64(bound)).high) }

    mutating func isWithin(percent: Int) -> Bool { below(100) < percent }

    /// A number from 0 to below `bound`, the first ones much more often: about as 1 / (number + 1).
    mutating func rank(below bound: Int) -> Int {
        let bits = bound.bitWidth - bound.leadingZeroBitCount
        while true {
            let floor = 1 << below(bits)
            let rank = floor + below(floor) - 1
            if rank < bound { return rank }
        }
    }
}
