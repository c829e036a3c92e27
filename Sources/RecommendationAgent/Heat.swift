package import AgentKit

/// How much something is looked at and ordered, halved every 24 h: the logarithm (base 2) of the weights of all its
/// views and orders, each doubled for every 24 h it lies after 1970. Kept so it needs no decaying: two heats compare the
/// same at any time.
package struct Heat: Hashable, Comparable, Sendable {
    /// In units of 2^−20 of a halving, which is 82 ms.
    package let value: Int64

    package init(_ value: Int64) { self.value = value }

    /// One view at that moment.
    package init(at time: Instant) {
        let days = time.milliseconds.floorDivided(by: Self.halvingMilliseconds)
        let rest = time.milliseconds - days * Self.halvingMilliseconds
        value = (days << Self.fractionBits) + (rest << Self.fractionBits) / Self.halvingMilliseconds
    }

    /// Of what nobody ever looked at.
    package static let none = Heat(-(1 << 60))
    /// What a heat gains when everything that counts is doubled.
    package static let halving: Int64 = 1 << 20

    static let halvingMilliseconds: Int64 = 86_400_000
    private static let fractionBits: Int64 = 20
    /// More halvings than that away, the smaller of two does not count.
    private static let halvingsMax: Int64 = 24

    package static func < (a: Heat, b: Heat) -> Bool { a.value < b.value }

    /// As hot as both together.
    package static func + (a: Heat, b: Heat) -> Heat {
        let hotter = max(a.value, b.value)
        let distance = hotter - min(a.value, b.value)
        guard distance < halvingsMax << fractionBits else { return Heat(hotter) }
        return Heat(hotter + growth(by: decay(distance)))
    }

    /// As hot as twice that, `times` times.
    package func doubled(_ times: Int64) -> Heat { Heat(value + (times << Self.fractionBits)) }

    /// Views that were worth as much if all were made now, in units of 2^−10; at most 2^40 views.
    package func views(at time: Instant) -> Int64 {
        let distance = Heat(at: time).value - value
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
        let from = HeatTables.decay[index]
        let value = from - (((from - HeatTables.decay[index + 1]) * (fraction & 0x3FFF)) >> 14)
        return value >> halvings
    }

    /// log2(1 + part) in units of 2^−20, where the part is at most 2^30, which is 1.
    private static func growth(by part: Int64) -> Int64 {
        guard part < 1 << 30 else { return HeatTables.growth[64] }
        let index = Int(part >> 24)
        let from = HeatTables.growth[index]
        return from + (((HeatTables.growth[index + 1] - from) * (part & 0xFF_FFFF)) >> 24)
    }
}

extension Heat: RowValue {
    package static var celType: CELType { .int }
    package var celValue: Value { .int(value) }
    package func encode(into writer: inout RowWriter) { writer.signed(value) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Heat { Heat(try reader.signed()) }
}
