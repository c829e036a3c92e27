package import AgentKit

/// The popularity of an offer: its views and orders with exponential decay, half-life 24 h.
///
/// Decaying every offer as time goes by would touch every row. Forward decay (Cormode, Shkapenyuk, Srivastava and Xu,
/// "Forward Decay", ICDE 2009) turns this round: an event at time t has the weight 2^(t / 24 h), counted from 1970, and
/// the popularity is the sum of these weights. The sum itself would overflow, so its base-2 logarithm is kept. Hence
///
/// - two popularities compare the same at any time: the order of offers in a `TopIndex` never goes stale by waiting;
/// - adding an event is log2(2^a + 2^b), which is max + log2(1 + 2^−|a − b|);
/// - the views that it amounts to at some moment are 2^(popularity − moment), both in half-lives.
///
/// An order weighs as much as four views (`Offer.orderDoublings`). A newly listed offer is given the weight of one
/// view, which `Offer.views(at:)` takes out again. A `TopIndex` hears of an offer when its popularity has doubled since
/// it last did. All is integer arithmetic with tables, alike on every machine, as a replay has to be.
package struct DecayedPopularity: Hashable, Comparable, Sendable {
    /// log2 of the sum of weights, in units of 2^−20 of a half-life (82 ms).
    package let value: Int64

    package init(_ value: Int64) { self.value = value }

    /// One view at that moment.
    package init(at time: Instant) {
        let days = time.milliseconds.floorDivided(by: Self.halvingMilliseconds)
        let rest = time.milliseconds - days * Self.halvingMilliseconds
        value = (days << Self.fractionBits) + (rest << Self.fractionBits) / Self.halvingMilliseconds
    }

    /// The popularity of an offer without any view.
    package static let none = DecayedPopularity(-(1 << 60))
    /// The gain of a popularity when all that it counts is doubled.
    package static let halving: Int64 = 1 << 20

    static let halvingMilliseconds: Int64 = 86_400_000
    private static let fractionBits: Int64 = 20
    /// The half-lives beyond which the smaller of two popularities does not change their sum.
    private static let halvingsMax: Int64 = 24

    package static func < (a: DecayedPopularity, b: DecayedPopularity) -> Bool { a.value < b.value }

    /// The popularity of the views and orders of both.
    package static func + (a: DecayedPopularity, b: DecayedPopularity) -> DecayedPopularity {
        let greater = max(a.value, b.value)
        let distance = greater - min(a.value, b.value)
        guard distance < halvingsMax << fractionBits else { return DecayedPopularity(greater) }
        return DecayedPopularity(greater + growth(by: decay(distance)))
    }

    /// The popularity of 2^`times` as many views.
    package func doubled(_ times: Int64) -> DecayedPopularity {
        DecayedPopularity(value + (times << Self.fractionBits))
    }

    /// The number of views at that moment that would amount to this popularity, in units of 2^−10; at most 2^40 views.
    package func views(at time: Instant) -> Int64 {
        let distance = DecayedPopularity(at: time).value - value
        guard distance < 0 else { return Self.decay(distance) >> 20 }
        let doublings = min(40, (-distance >> Self.fractionBits) + 1)
        let part = Self.decay(max(0, (doublings << Self.fractionBits) + distance))
        return doublings < 20 ? part >> (20 - doublings) : part << (doublings - 20)
    }

    /// 2^−distance in units of 2^−30.
    private static func decay(_ distance: Int64) -> Int64 {
        let halvings = distance >> fractionBits
        guard halvings < 31 else { return 0 }
        let fraction = distance & (halving - 1)
        let index = Int(fraction >> 14)
        let from = DecayTables.decay[index]
        let value = from - (((from - DecayTables.decay[index + 1]) * (fraction & 0x3FFF)) >> 14)
        return value >> halvings
    }

    /// log2(1 + part) in units of 2^−20, where the part is at most 2^30, which is 1.
    private static func growth(by part: Int64) -> Int64 {
        guard part < 1 << 30 else { return DecayTables.growth[64] }
        let index = Int(part >> 24)
        let from = DecayTables.growth[index]
        return from + (((DecayTables.growth[index + 1] - from) * (part & 0xFF_FFFF)) >> 24)
    }
}

extension DecayedPopularity: RowValue {
    package static var celType: CELType { .int }
    package var celValue: Value { .int(value) }
    package func encode(into writer: inout RowWriter) { writer.signed(value) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> DecayedPopularity {
        DecayedPopularity(try reader.signed())
    }
}

/// The figures between which `DecayedPopularity` interpolates.
enum DecayTables {
    /// 2^(−i/64) in units of 2^−30, for i from 0 to 64.
    static let decay: [Int64] = [
        1_073_741_824, 1_062_175_491, 1_050_733_751, 1_039_415_261, 1_028_218_693, 1_017_142_735, 1_006_186_087,
        995_347_464, 984_625_594, 974_019_220, 963_527_098, 953_147_997, 942_880_699, 932_724_001, 922_676_710,
        912_737_649, 902_905_651, 893_179_563, 883_558_244, 874_040_567, 864_625_413, 855_311_680, 846_098_274,
        836_984_114, 827_968_132, 819_049_271, 810_226_483, 801_498_734, 792_865_000, 784_324_269, 775_875_538,
        767_517_817, 759_250_125, 751_071_493, 742_980_960, 734_977_579, 727_060_411, 719_228_525, 711_481_005,
        703_816_941, 696_235_434, 688_735_596, 681_316_545, 673_977_412, 666_717_336, 659_535_466, 652_430_958,
        645_402_981, 638_450_708, 631_573_326, 624_770_026, 618_040_012, 611_382_493, 604_796_689, 598_281_827,
        591_837_143, 585_461_881, 579_155_293, 572_916_640, 566_745_190, 560_640_218, 554_601_009, 548_626_854,
        542_717_053, 536_870_912,
    ]

    /// log2(1 + i/64) in units of 2^−20, for i from 0 to 64.
    static let growth: [Int64] = [
        0, 23_454, 46_551, 69_300, 91_711, 113_796, 135_563, 157_021, 178_179, 199_045, 219_628, 239_934,
        259_971, 279_746, 299_266, 318_537, 337_566, 356_359, 374_920, 393_257, 411_375, 429_278, 446_971,
        464_460, 481_749, 498_843, 515_745, 532_461, 548_995, 565_349, 581_529, 597_537, 613_378, 629_054,
        644_570, 659_928, 675_132, 690_185, 705_089, 719_848, 734_464, 748_941, 763_280, 777_484, 791_557,
        805_500, 819_315, 833_005, 846_573, 860_020, 873_348, 886_561, 899_658, 912_644, 925_518, 938_284,
        950_944, 963_498, 975_949, 988_298, 1_000_547, 1_012_698, 1_024_752, 1_036_711, 1_048_576,
    ]
}
