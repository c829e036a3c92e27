/// Interactions of users with products in order of time: generated with tastes planted in it, or read from a file.
struct InteractionHistory: Sendable {
    var offers: [ProductOffer]
    var interactions: [Interaction]
    var userCount: Int
    /// Location of each user; empty where none is known.
    var places: [(latitude: Double, longitude: Double)]

    /// Marks the last interaction of every `each`-th user that has at least `least`.
    mutating func askLast(each: Int, least: Int) {
        var seen = [Int](repeating: 0, count: userCount)
        var last = [Int](repeating: -1, count: userCount)
        for (index, interaction) in interactions.enumerated() {
            seen[interaction.user] += 1
            last[interaction.user] = index
        }
        for user in stride(from: 0, to: userCount, by: max(1, each)) where seen[user] >= least {
            interactions[last[user]].isAsked = true
        }
    }
}

/// A product of a history of interactions.
struct ProductOffer: Sendable {
    var seller: Int
    var category: String
    var tags: [String]
    /// Location in degrees; nil where it is not known.
    var place: (latitude: Double, longitude: Double)?
}

/// An interaction of a user with a product: a view, or a view and an order.
struct Interaction: Sendable {
    var user: Int
    var item: Int
    /// Seconds since 1970.
    var time: Int64
    var isOrder: Bool
    /// Indicates that it is the user's last one, which a recommendation made just before it is to predict.
    var isAsked = false
}

extension InteractionHistory {
    /// Parameters of a generated history.
    struct Plan: Sendable {
        var products = 20_000
        var users = 5_000
        /// Interactions of a user.
        var meetings = 24
        /// Percentage of the interactions that follow the user's own taste; the others follow general popularity.
        var tastePercent = 70
        /// Indicates that it gives the location of users.
        var isLocal = true
        /// Number of users of whom one is asked about.
        var askEach = 1
        var seed: UInt64 = 1

        init() {}

        /// Groups of products that go together: a taste is two of them.
        var groups: Int { max(10, products / 200) }
    }

    private static let tagsOfGroup = 6
    private static let commonTags = 50
    private static let cities = 20
    private static let days: Int64 = 14
    /// 2024-02-01T00:00:00Z.
    private static let start: Int64 = 1_706_745_600

    /// A history with tastes planted in it: products of a group share tags, users have two groups that they like and
    /// live in one of twenty cities; within a group and in all, few products are met often.
    static func planted(_ plan: Plan) -> InteractionHistory {
        var random = InteractionRandom(seed: plan.seed)
        var history = InteractionHistory(offers: [], interactions: [], userCount: plan.users, places: [])
        var groups = [[Int]](repeating: [], count: plan.groups)
        history.offers.reserveCapacity(plan.products)
        for item in 0..<plan.products {
            let group = random.below(plan.groups)
            groups[group].append(item)
            history.offers.append(offer(of: group, plan, &random))
        }
        // A product's popularity has nothing to do with the order of ids.
        var liked = Array(0..<plan.products)
        for place in liked.indices.reversed() { liked.swapAt(place, random.below(place + 1)) }
        for user in 0..<plan.users {
            let home = place(in: random.below(cities), &random)
            if plan.isLocal { history.places.append(home) }
            let tastes = [random.below(plan.groups), random.below(plan.groups)]
            for _ in 0..<plan.meetings {
                let own = groups[tastes[random.below(2)]]
                let isTaste = random.isWithin(percent: plan.tastePercent) && !own.isEmpty
                history.interactions.append(
                    Interaction(
                        user: user,
                        item: isTaste ? own[random.rank(below: own.count)] : liked[random.rank(below: liked.count)],
                        time: start + Int64(random.below(Int(days * 86_400))), isOrder: random.isWithin(percent: 20)))
            }
        }
        history.interactions.sort { ($0.time, $0.user, $0.item) < ($1.time, $1.user, $1.item) }
        history.askLast(each: plan.askEach, least: 3)
        return history
    }

    private static func offer(of group: Int, _ plan: Plan, _ random: inout InteractionRandom) -> ProductOffer {
        var tags: [String] = []
        let first = random.below(tagsOfGroup)
        for step in 0..<3 { tags.append("g\(group)-\((first + step) % tagsOfGroup)") }
        tags.append("c\(random.below(commonTags))")
        return ProductOffer(
            seller: random.below(max(1, plan.products / 10)), category: "k\(group % 40)", tags: tags,
            place: place(in: random.below(cities), &random))
    }

    /// A random location within a tenth of a degree of a city.
    private static func place(
        in city: Int, _ random: inout InteractionRandom
    ) -> (latitude: Double, longitude: Double) {
        (
            25 + Double(city % 5) * 2 + Double(random.below(1000)) / 10_000,
            65 + Double(city / 5) * 2 + Double(random.below(1000)) / 10_000
        )
    }
}

extension InteractionHistory {
    /// Error in a line of a file of interactions.
    struct LineError: Error, CustomStringConvertible {
        let line: Int
        let reason: String
        var description: String { "\(line): \(reason)" }
    }

    /// Reads interactions `user,item,time` or `user,item,rating,time`, separated by commas or tabs, times in seconds;
    /// each counts as an order. A first line whose time is not a number is a heading.
    /// - Parameter items: lines `item,tag tag …`, of which the last column counts; items without a line have no tags.
    static func read(
        interactions: [Substring], items: [Substring]
    ) throws(LineError) -> InteractionHistory {
        var history = InteractionHistory(offers: [], interactions: [], userCount: 0, places: [])
        let tags = tags(of: items)
        var users: [Substring: Int] = [:]
        var numbers: [Substring: Int] = [:]
        for (index, line) in interactions.enumerated() where !line.isEmpty {
            let columns = columns(of: line)
            guard columns.count >= 3 else { throw LineError(line: index + 1, reason: "fewer than three columns") }
            guard let time = columns[min(3, columns.count - 1)].split(separator: ".").first.flatMap({ Int64($0) })
            else {
                guard index == 0 else { throw LineError(line: index + 1, reason: "the time is no number") }
                continue
            }
            let user = users[columns[0], default: users.count]
            users[columns[0]] = user
            let item = numbers[columns[1], default: numbers.count]
            if item == numbers.count {
                numbers[columns[1]] = item
                let own = tags[columns[1]] ?? []
                history.offers.append(ProductOffer(seller: item, category: own.first ?? "", tags: own, place: nil))
            }
            history.interactions.append(Interaction(user: user, item: item, time: time, isOrder: true))
        }
        history.userCount = users.count
        history.interactions.sort { ($0.time, $0.user, $0.item) < ($1.time, $1.user, $1.item) }
        history.askLast(each: 1, least: 3)
        return history
    }

    private static func tags(of items: [Substring]) -> [Substring: [String]] {
        var tags: [Substring: [String]] = [:]
        for line in items {
            let columns = columns(of: line)
            guard let id = columns.first, let last = columns.last, columns.count > 1 else { continue }
            tags[id] = last.split(separator: " ").map(String.init)
        }
        return tags
    }

    private static func columns(of line: Substring) -> [Substring] {
        let separator: Character = line.utf8.contains(UInt8(ascii: "\t")) ? "\t" : ","
        return line.split(separator: separator, omittingEmptySubsequences: false)
    }
}
