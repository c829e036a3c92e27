/// The tree of areas and the seats of franchises in it: a country, its cities, and parts of each city.
struct Places {
    struct Area {
        let name: String
        let parent: Int?
        /// Where it lies, in hundredths of a degree.
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
    /// People for whom there is one more city.
    private static let peoplePerCity = 150
    /// This city has no master franchise.
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
            // The last part has no franchise of its own: its city's serves it.
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
