/// Numbers that are the same for the same seed on any machine (SplitMix64).
struct TasteRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `bound`, which is at least 1.
    mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

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
