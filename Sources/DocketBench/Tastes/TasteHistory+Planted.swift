extension TasteHistory {
    /// What a generated history is made of.
    struct Plan: Sendable {
        var products = 20_000
        var users = 5_000
        /// Interactions of a user.
        var meetings = 24
        /// How many of 100 interactions follow the user's own taste; the others what everybody likes.
        var tastePercent = 70
        /// Whether it says where users are.
        var isLocal = true
        /// Every so many users are asked about.
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

    /// A history with tastes planted in it: products of a group share tags, users have two groups that they like and live
    /// in one of twenty cities; within a group and in all, few products are met often.
    static func planted(_ plan: Plan) -> TasteHistory {
        var random = TasteRandom(seed: plan.seed)
        var history = TasteHistory(offers: [], interactions: [], userCount: plan.users, places: [])
        var groups = [[Int]](repeating: [], count: plan.groups)
        history.offers.reserveCapacity(plan.products)
        for item in 0..<plan.products {
            let group = random.below(plan.groups)
            groups[group].append(item)
            history.offers.append(offer(of: group, plan, &random))
        }
        // Who is met often in all has nothing to do with the order of ids.
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
                    TasteInteraction(
                        user: user,
                        item: isTaste ? own[random.rank(below: own.count)] : liked[random.rank(below: liked.count)],
                        time: start + Int64(random.below(Int(days * 86_400))), isOrder: random.isWithin(percent: 20)))
            }
        }
        history.interactions.sort { ($0.time, $0.user, $0.item) < ($1.time, $1.user, $1.item) }
        history.askLast(each: plan.askEach, least: 3)
        return history
    }

    private static func offer(of group: Int, _ plan: Plan, _ random: inout TasteRandom) -> TasteOffer {
        var tags: [String] = []
        let first = random.below(tagsOfGroup)
        for step in 0..<3 { tags.append("g\(group)-\((first + step) % tagsOfGroup)") }
        tags.append("c\(random.below(commonTags))")
        return TasteOffer(
            seller: random.below(max(1, plan.products / 10)), category: "k\(group % 40)", tags: tags,
            place: place(in: random.below(cities), &random))
    }

    /// Somewhere within a tenth of a degree of a city.
    private static func place(
        in city: Int, _ random: inout TasteRandom
    ) -> (latitude: Double, longitude: Double) {
        (
            25 + Double(city % 5) * 2 + Double(random.below(1000)) / 10_000,
            65 + Double(city / 5) * 2 + Double(random.below(1000)) / 10_000
        )
    }
}
