/// A person as the generator sees them: the ledger's decisions are guessed, not known.
struct Person {
    let number: Int
    let role: Role
    /// The index of the area where they live.
    let area: Int
    var level: Level
    /// The highest level that they ever had or asked for: the ledger grants no higher one.
    var levelAsked: Level
    /// Indicates that their identity was verified.
    var isKnown = false
    /// Indicates that they asked to be erased, and do nothing more.
    var isGone = false
    /// The balances of their wallets.
    var purse = Purse()
    /// Income that is old enough to be withdrawn.
    var matured = Purse()
    var lockedCoins = 0
    /// Orders that settled, bought or sold.
    var settled = 0

    var id: Ident { .user(number) }

    init(_ number: Int, _ role: Role, area: Int, level: Level) {
        self.number = number
        self.role = role
        self.area = area
        self.level = level
        levelAsked = level
        isKnown = level > .free
    }
}

/// Role of a person in the marketplace; the raw value is its name in events.
enum Role: String {
    case buyer, seller, affiliate, rider, provider
}

/// A service quality level; the raw value is its name in events.
enum Level: String, CaseIterable, Comparable {
    case free, basic, normal, high, vip

    var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The level above; nil at the top.
    var next: Level? { self == .vip ? nil : Self.allCases[rank + 1] }

    /// Coins that must be locked for it, in minor units.
    var lockedCoins: Int { [0, 10_000, 50_000, 150_000, 500_000][rank] }

    /// Fee of its verification, in minor units of PKR.
    var fee: Int { [0, 0, 100_000, 300_000, 800_000][rank] }

    /// Orders that must have settled: fewer seldom give the points that it takes.
    var settledOrders: Int { [0, 0, 1, 10, 10][rank] }

    static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
}

/// The tree of areas and the franchises in it: a country, its cities, and parts of each city.
struct Places {
    struct Area {
        let name: String
        let parent: Int?
        /// Coordinates in hundredths of a degree.
        let latitude: Int, longitude: Int
    }

    struct Franchise {
        let number: Int
        let tier: Tier
        let area: Int
        let parent: Int?
    }

    enum Tier: String {
        case sub, master, corporate
    }

    private(set) var areas: [Area] = []
    private(set) var franchises: [Franchise] = []
    /// The areas where people live and orders go.
    private(set) var parts: [Int] = []

    private static let cities: [(name: String, latitude: Int, longitude: Int)] = [
        ("lahore", 3155, 7434), ("karachi", 2486, 6701), ("islamabad", 3368, 7305), ("peshawar", 3401, 7158),
        ("quetta", 3018, 6700), ("multan", 3016, 7152), ("sialkot", 3249, 7453), ("hyderabad", 2540, 6836),
    ]
    private static let partNames = ["gulberg", "model-town", "cantt", "saddar"]
    /// Number of people for each further city.
    private static let peoplePerCity = 150
    /// Index of the city that has no master franchise.
    private static let cityWithoutMaster = 2

    init(users: Int) {
        areas.append(Area(name: "pakistan", parent: nil, latitude: 3037, longitude: 6934))
        seat(.corporate, area: 0, parent: nil)
        for index in 0..<min(Self.cities.count, 1 + users / Self.peoplePerCity) { addCity(index) }
    }

    private mutating func addCity(_ index: Int) {
        let city = Self.cities[index], area = areas.count
        areas.append(Area(name: city.name, parent: 0, latitude: city.latitude, longitude: city.longitude))
        var parent = 0
        if index != Self.cityWithoutMaster {
            parent = franchises.count
            seat(.master, area: area, parent: 0)
        }
        for (number, part) in Self.partNames.enumerated() {
            parts.append(areas.count)
            // The last part has no franchise of its own and is served by its city's.
            if number < Self.partNames.count - 1 { seat(.sub, area: areas.count, parent: parent) }
            areas.append(
                Area(
                    name: city.name + "-" + part, parent: area, latitude: city.latitude + 3 * number,
                    longitude: city.longitude - 2 * number))
        }
    }

    private mutating func seat(_ tier: Tier, area: Int, parent: Int?) {
        franchises.append(Franchise(number: franchises.count, tier: tier, area: area, parent: parent))
    }

    /// The franchise that serves an area at a tier: its own or its nearest ancestor's.
    func franchise(_ tier: Tier, for area: Int) -> Int? {
        var place: Int? = area
        while let current = place {
            if let found = franchises.first(where: { $0.area == current && $0.tier == tier }) { return found.number }
            place = areas[current].parent
        }
        return nil
    }
}
