/// The theme of people: founders and sign-ups, their levels and preferences, and those who leave.
struct People {
    private var requests = 0
    private var checks = 0
    private var sales = 0

    /// People in a thousand who are there from the beginning.
    private static let foundersPerThousand = 600
    private static let features = [
        "browse_products", "view_prices", "place_orders", "raise_complaints", "list_products", "verified_sales",
        "priority_orders", "loyalty_rewards", "bulk_listings", "advanced_analytics", "create_high_level_listing",
        "shop_management", "top_placement", "exclusive_offers",
    ]
    static let tags = [
        "electronics", "fashion", "groceries", "home", "books", "digital", "sports", "music", "travel", "garden",
    ]

    // MARK: The beginning

    /// Registers areas, founders and franchises, and plans everyone else's sign-up.
    mutating func found(_ scene: inout Scene) {
        registerAreas(&scene)
        let founders = max(12, scene.extent.users * Self.foundersPerThousand / 1000)
        let owners = max(3, scene.places.franchises.count / 2)
        for number in 0..<founders {
            scene.tick()
            register(Self.founder(number, owners: owners, &scene), referredBy: nil, &scene)
        }
        registerFranchises(owners: owners, &scene)
        for number in 0..<founders { equip(number, &scene) }
        for _ in founders..<scene.extent.users {
            scene.agenda.add(.people(.signUp), at: scene.someTime())
        }
        for _ in 0..<max(1, scene.extent.users * scene.extent.days / 1000) {
            scene.agenda.add(.people(.buyArea), at: scene.someTime())
        }
    }

    private func registerAreas(_ scene: inout Scene) {
        for area in scene.places.areas {
            scene.tick()
            let parent = area.parent.map { scene.places.areas[$0].name }
            scene.lines.add("area.registered", from: "/franchises", about: .text(area.name), at: scene.now) {
                $0.member("area", area.name)
                if let parent { $0.member("parent", parent) }
            }
        }
    }

    private func registerFranchises(owners: Int, _ scene: inout Scene) {
        for franchise in scene.places.franchises {
            scene.tick()
            let area = scene.places.areas[franchise.area].name
            scene.emit("franchise.registered", from: "/franchises", about: .franchise(franchise.number)) {
                $0.member("franchiseId", .franchise(franchise.number))
                $0.member("tier", franchise.tier.rawValue)
                $0.member("area", area)
                $0.member("ownerId", .user(franchise.number % owners))
                if let parent = franchise.parent { $0.member("parentId", .franchise(parent)) }
            }
        }
    }

    /// A founder: the first ones own franchises, the next are of each role, so that the smallest marketplace has all
    /// roles.
    private static func founder(_ number: Int, owners: Int, _ scene: inout Scene) -> Person {
        let area = scene.random.pick(scene.places.parts)
        if number < owners { return Person(number, .seller, area: area, level: .vip) }
        let first: [Role] = [.seller, .buyer, .rider, .provider, .buyer, .buyer, .seller, .affiliate, .buyer]
        let role = number - owners < first.count ? first[number - owners] : someRole(&scene.random)
        let levels: [Level] = role == .buyer ? [.basic, .basic, .basic, .normal, .high] : [.basic, .normal, .high]
        return Person(number, role, area: area, level: scene.random.pick(levels))
    }

    static func someRole(_ random: inout SeededRandom) -> Role {
        [.buyer, .seller, .rider, .provider, .affiliate][random.weighted([62, 16, 9, 8, 5])]
    }

    /// Gives a founder money, and locks the coins that the level takes.
    private func equip(_ number: Int, _ scene: inout Scene) {
        scene.tick()
        scene.deposit(scene.random.int(5...80) * 100_000, .rupees, to: number)
        let coins = scene.people[number].level.lockedCoins
        if coins > 0 {
            scene.tick()
            scene.deposit(coins, .coins, to: number)
            scene.tick()
            scene.lock(coins, months: 36, of: number)
        }
        scene.people[number].isKnown = false
        if scene.random.chance(850) { scene.plan(.people(.proveIdentity(number)), hours: 1...70) }
    }

    // MARK: Hour by hour

    /// Plans what begins in the hour that begins now.
    func begin(_ scene: inout Scene) {
        let people = scene.people.count
        scene.planHour(40, of: people) { scene in scene.someone().map { .people(.checkAccess($0)) } }
        scene.planHour(12, of: people) { scene in scene.someone().map { .people(.setPreferences($0)) } }
        scene.planHour(8, of: people) { scene in scene.someone().map { .people(.climb($0)) } }
        scene.planHour(2, of: people) { scene in scene.someone(.buyer).map { .people(.leave($0)) } }
    }

    mutating func perform(_ step: PeopleStep, in scene: inout Scene) {
        switch step {
        case .signUp: signUp(&scene)
        case .proveIdentity(let person): proveIdentity(person, &scene)
        case .climb(let person): climb(person, &scene)
        case .askForLevel(let person, let level): ask(person, for: level, &scene)
        case .checkAccess(let person): checkAccess(person, &scene)
        case .setPreferences(let person): setPreferences(person, &scene)
        case .buyArea: buyArea(&scene)
        case .leave(let person): leave(person, &scene)
        }
    }

    mutating func nextRequest() -> Ident {
        requests += 1
        return Ident(prefix: "V-", number: requests)
    }

    // MARK: Sign-ups

    private func signUp(_ scene: inout Scene) {
        let number = scene.people.count, role = Self.someRole(&scene.random)
        let referrer = scene.random.chance(350) ? scene.someone(where: { $0.role != .rider }) : nil
        register(
            Person(number, role, area: scene.random.pick(scene.places.parts), level: .free), referredBy: referrer,
            &scene)
        // Some only look around, and ask for erasure before they have any money here.
        if scene.random.chance(100) {
            scene.people[number].isGone = true
            return scene.plan(.people(.leave(number)), hours: 1...40)
        }
        scene.plan(.money(.deposit(number)), minutes: 20...900)
        if scene.random.chance(850) {
            scene.plan(.people(.proveIdentity(number)), minutes: 10...400)
            scene.plan(.people(.climb(number)), hours: 8...40)
        }
        if role == .seller { scene.plan(.shop(.list(number)), hours: 24...72) }
        if role == .provider { scene.plan(.services(.register(number)), hours: 24...72) }
    }

    private func register(_ person: Person, referredBy referrer: Int?, _ scene: inout Scene) {
        scene.people.append(person)
        let name = Names.name(&scene.random), area = scene.places.areas[person.area].name
        let tags = (0..<scene.random.int(0...3)).map { _ in scene.random.pick(Self.tags) }
        let trust = scene.random.int(60...95)
        scene.emit("user.registered", from: "/accounts", about: person.id) {
            $0.member("userId", person.id)
            $0.member("role", person.role.rawValue)
            $0.member("area", area)
            $0.member("name", name)
            $0.name("email")
            $0.put("\"user")
            $0.put(person.number)
            $0.put("@example.test\"")
            if let referrer { $0.member("referredBy", .user(referrer)) }
            if !tags.isEmpty { $0.member("tags", tags) }
            if person.level > .free {
                $0.member("level", person.level.rawValue)
                $0.member("trustScore", trust)
            }
        }
    }

    // MARK: Access, preferences, areas and erasure

    private mutating func checkAccess(_ person: Int, _ scene: inout Scene) {
        checks += 1
        let id = Ident(prefix: "A-", number: checks), feature = scene.random.pick(Self.features)
        scene.emit("access.checked", from: "/accounts", about: .user(person)) {
            $0.member("checkId", id)
            $0.member("userId", .user(person))
            $0.member("feature", feature)
        }
    }

    private func setPreferences(_ person: Int, _ scene: inout Scene) {
        let hidden = scene.random.pick(Self.tags), most = scene.random.int(20...400) * 10_000
        let kilometres = scene.random.int(2...40), hides = scene.random.chance(500)
        scene.emit("preferences.set", from: "/accounts", about: .user(person)) {
            $0.member("userId", .user(person))
            if hides { $0.member("hiddenCategories", [hidden]) }
            $0.member("maxPrice", most)
            $0.member("maxKm", kilometres)
        }
    }

    private mutating func buyArea(_ scene: inout Scene) {
        let subs = scene.places.franchises.filter { $0.tier != .corporate }
        // Now and then somebody asks whose level is too low.
        let least: Level = scene.random.chance(150) ? .normal : .high
        guard !subs.isEmpty, let buyer = scene.someone(where: { $0.level >= least }) else { return }
        sales += 1
        let franchise = scene.random.pick(subs), id = Ident(prefix: "SALE-", number: sales)
        let price = scene.random.int(franchise.tier == .sub ? 50...300 : 400...900) * 1_000_000
        if scene.random.chance(900) { scene.ensure(price, .rupees, for: buyer) }
        if scene.people[buyer].level >= .high { scene.people[buyer].purse[.rupees] -= price }
        scene.emit("area.sold", from: "/franchises", about: .franchise(franchise.number)) {
            $0.member("saleId", id)
            $0.member("franchiseId", .franchise(franchise.number))
            $0.member("buyerId", .user(buyer))
            $0.member("price", price)
            $0.member("currency", Currency.rupees.rawValue)
        }
    }

    private mutating func leave(_ person: Int, _ scene: inout Scene) {
        requests += 1
        scene.people[person].isGone = true
        let id = Ident(prefix: "E-", number: requests)
        scene.emit("erasure.requested", from: "/accounts", about: .user(person)) {
            $0.member("requestId", id)
            $0.member("userId", .user(person))
        }
    }
}

/// A step of the theme of people, given by their numbers.
enum PeopleStep {
    case signUp
    /// Asks to have the identity verified.
    case proveIdentity(Int)
    /// Locks the coins that the next level takes; asking for it follows.
    case climb(Int)
    case askForLevel(Int, Level)
    case checkAccess(Int)
    case setPreferences(Int)
    case buyArea
    case leave(Int)
}

/// Made-up names of people.
enum Names {
    private static let first = [
        "Ali", "Sana", "Omar", "Zara", "Hina", "Bilal", "Ayesha", "Usman", "Fatima", "Hamza", "Maryam", "Imran", "Noor",
        "Saad", "Iqra", "Tariq", "Rabia", "Faisal", "Amna", "Danish", "Mehwish", "Kamran", "Sadia", "Waqas",
    ]
    private static let last = [
        "Khan", "Malik", "Sheikh", "Ahmed", "Butt", "Qureshi", "Chaudhry", "Siddiqui", "Raza", "Mirza", "Iqbal",
        "Hussain", "Javed", "Farooq", "Aslam", "Akhtar",
    ]

    static func name(_ random: inout SeededRandom) -> String { random.pick(first) + " " + random.pick(last) }
}
