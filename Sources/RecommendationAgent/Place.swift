package import AgentKit

/// A place on Earth, in integer millionths of a degree.
package struct Place: Hashable, Sendable {
    package var latitude: Int64
    package var longitude: Int64

    package init(latitude: Int64, longitude: Int64) {
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Reads two recorded numbers of degrees; nil where one is absent.
    package init?(_ latitude: View?, _ longitude: View?) {
        guard let latitude, let longitude else { return nil }
        self.init(latitude: Self.millionths(latitude), longitude: Self.millionths(longitude))
    }

    /// A number of degrees in millionths; a million degrees and more, which no place has, saturate.
    private static func millionths(_ degrees: View) -> Int64 {
        unsafe degrees.withCanonicalBytes { unsafe Millionths($0) }.roundedAway(atMost: 1_000_000_000_000)
    }

    /// Indicates that there is such a place: latitudes end at 90 degrees, longitudes at 180.
    package var isOnEarth: Bool {
        latitude.magnitude <= 90_000_000 && longitude.magnitude <= 180_000_000
    }

    /// The great-circle distance in metres, by haversine on a sphere of 6,371.0088 km; both must be on Earth.
    package func metres(to other: Place) -> Int64 {
        // Half the difference in millionths is the difference in half millionths.
        let north = Self.sine(abs(latitude - other.latitude))
        let apart = abs(longitude - other.longitude)
        let east = Self.sine(min(apart, 360_000_000 - apart))
        let shrink = (Int128(Self.cosine(latitude)) * Int128(Self.cosine(other.latitude))) >> Self.bits
        let haversine = Int128(north) * Int128(north) + ((shrink * Int128(east) * Int128(east)) >> Self.bits)
        let root = Self.root(min(haversine, 1 << (2 * Self.bits)))
        return 2 * Self.arcsine(root) * Self.millimetresPerMillionth / 1_000_000
    }

    /// The cell of a tenth of a degree that it lies in.
    package var cell: Cell {
        Cell(row: latitude.floorDivided(by: 100_000), column: longitude.floorDivided(by: 100_000))
    }

    /// A tenth of a degree north by a tenth of a degree east.
    package struct Cell: Hashable, Sendable {
        package let row: Int64
        package let column: Int64

        /// Itself and the eight around it, south to north and west to east.
        package var neighbourhood: [Cell] {
            (-1...1).flatMap { up in
                (-1...1).map { right in
                    Cell(row: row + up, column: (column + right + 5400) % 3600 - 1800)
                }
            }
        }
    }

    /// The binary places of sines: units of 2^−30.
    private static let bits: Int128 = 30
    /// 6,371.0088 km · π / 180, in millimetres per millionth of a degree.
    private static let millimetresPerMillionth: Int64 = 111_195

    private static func cosine(_ millionths: Int64) -> Int64 { sine(2 * (90_000_000 - abs(millionths))) }

    /// The sine of 0 to 180 degrees, given in half millionths.
    private static func sine(_ halves: Int64) -> Int64 {
        let angle = min(halves, 360_000_000 - halves)
        let degree = Int(angle / 2_000_000)
        guard degree < 90 else { return SineTable.degrees[90] }
        let from = SineTable.degrees[degree]
        return from + (SineTable.degrees[degree + 1] - from) * (angle % 2_000_000) / 2_000_000
    }

    /// The angle of 0 to 90 degrees in millionths that has this sine.
    private static func arcsine(_ sine: Int64) -> Int64 {
        var low = 0
        var high = 90
        while high - low > 1 {
            let middle = (low + high) / 2
            if SineTable.degrees[middle] <= sine { low = middle } else { high = middle }
        }
        let from = SineTable.degrees[low]
        return Int64(low) * 1_000_000 + (sine - from) * 1_000_000 / (SineTable.degrees[high] - from)
    }

    /// The integer square root, by Newton's method.
    private static func root(_ square: Int128) -> Int64 {
        guard square > 0 else { return 0 }
        var guess = Int128(1) << Int128((128 - square.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (guess + square / guess) / 2
            if next >= guess { return Int64(guess) }
            guess = next
        }
    }
}

/// The figures between which `Place` interpolates.
enum SineTable {
    /// The sine of 0 to 90 whole degrees in units of 2^−30.
    static let degrees: [Int64] = [
        0, 18_739_379, 37_473_049, 56_195_305, 74_900_443, 93_582_766, 112_236_583, 130_856_211, 149_435_979,
        167_970_228, 186_453_311, 204_879_599, 223_243_478, 241_539_355, 259_761_657, 277_904_834, 295_963_357,
        313_931_728, 331_804_471, 349_576_144, 367_241_333, 384_794_656, 402_230_767, 419_544_355, 436_730_145,
        453_782_903, 470_697_435, 487_468_587, 504_091_252, 520_560_366, 536_870_912, 553_017_922, 568_996_477,
        584_801_711, 600_428_808, 615_873_009, 631_129_609, 646_193_961, 661_061_475, 675_727_625, 690_187_940,
        704_438_018, 718_473_518, 732_290_163, 745_883_746, 759_250_125, 772_385_229, 785_285_058, 797_945_680,
        810_363_241, 822_533_958, 834_454_122, 846_120_104, 857_528_349, 868_675_383, 879_557_810, 890_172_315,
        900_515_665, 910_584_710, 920_376_381, 929_887_697, 939_115_760, 948_057_759, 956_710_970, 965_072_759,
        973_140_576, 980_911_966, 988_384_560, 995_556_083, 1_002_424_350, 1_008_987_269, 1_015_242_840,
        1_021_189_159, 1_026_824_413, 1_032_146_887, 1_037_154_959, 1_041_847_103, 1_046_221_891, 1_050_277_989,
        1_054_014_162, 1_057_429_273, 1_060_522_280, 1_063_292_242, 1_065_738_315, 1_067_859_754, 1_069_655_912,
        1_071_126_243, 1_072_270_298, 1_073_087_729, 1_073_578_288, 1_073_741_824,
    ]
}
