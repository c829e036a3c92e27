/// A service quality level; the raw value is how events say it.
enum Level: String, CaseIterable, Comparable {
    case free, basic, normal, high, vip

    var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The level above; nil at the top.
    var next: Level? { self == .vip ? nil : Self.allCases[rank + 1] }

    /// The coins, in minor units, that it wants locked.
    var lockedCoins: Int { [0, 10_000, 50_000, 150_000, 500_000][rank] }

    /// What its verification costs, in minor units of PKR.
    var fee: Int { [0, 0, 100_000, 300_000, 800_000][rank] }

    /// Orders that must have settled; fewer seldom give the points that it wants.
    var settledOrders: Int { [0, 0, 1, 10, 10][rank] }

    static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
}
