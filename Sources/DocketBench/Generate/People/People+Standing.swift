/// Identity checks and rises in level.
extension People {
    mutating func proveIdentity(_ person: Int, _ scene: inout Scene) {
        guard !scene.people[person].isGone else { return }
        let hasDocuments = scene.random.chance(950)
        scene.people[person].isKnown = hasDocuments
        request(person, kind: "kyc", level: nil, hasDocuments: hasDocuments, isReady: true, &scene)
    }

    mutating func climb(_ person: Int, _ scene: inout Scene) {
        guard let level = scene.people[person].level.next, !scene.people[person].isGone else { return }
        // Few reach the top, and few ask for a level without the coins and the fee that it takes.
        guard level < .vip || scene.random.chance(200) else { return }
        if scene.random.chance(940) {
            let missing = level.lockedCoins - scene.people[person].lockedCoins
            if missing > 0 {
                scene.ensure(missing, .coins, for: person)
                scene.lock(missing, months: scene.random.pick([12, 24, 36]), of: person)
            }
        }
        if scene.random.chance(940) { scene.ensure(level.fee, .rupees, for: person) }
        scene.plan(.people(.askForLevel(person, level)), minutes: 5...300)
    }

    mutating func ask(_ person: Int, for level: Level, _ scene: inout Scene) {
        guard scene.people[person].level.next == level, !scene.people[person].isGone else { return }
        let isReady = scene.random.chance(900), hasDocuments = scene.random.chance(950)
        let isGranted =
            isReady && hasDocuments && scene.people[person].isKnown
            && scene.people[person].lockedCoins >= level.lockedCoins
            && scene.people[person].purse[.rupees] >= level.fee
            && scene.people[person].settled >= level.settledOrders && level < .vip
        scene.people[person].levelAsked = max(level, scene.people[person].levelAsked)
        if isGranted {
            scene.people[person].level = level
            scene.people[person].purse[.rupees] -= level.fee
        }
        request(person, kind: "upgrade", level: level, hasDocuments: hasDocuments, isReady: isReady, &scene)
    }

    /// - Parameter isReady: true if the tests of the level were passed.
    private mutating func request(
        _ person: Int, kind: String, level: Level?, hasDocuments: Bool, isReady: Bool, _ scene: inout Scene
    ) {
        let id = nextRequest(), hash = Self.hash(&scene.random)
        let expires = scene.now + scene.random.int(30...1500) * HistoryTime.day
        let profile = scene.random.int(55...100), rating = scene.random.int(300...500)
        let months = scene.random.int(0...24)
        scene.emit("verification.requested", from: "/accounts", about: .user(person)) {
            $0.member("requestId", id)
            $0.member("userId", .user(person))
            $0.member("kind", kind)
            if let level { $0.member("targetLevel", level.rawValue) }
            $0.list("documents") { json in
                guard hasDocuments else { return }
                json.element {
                    $0.member("type", "identity_card")
                    $0.member("hash", hash)
                    $0.name("expires")
                    $0.put("\"")
                    expires.put(in: &$0)
                    $0.put("\"")
                }
            }
            guard let level else { return }
            $0.member("rating", hundredths: rating)
            $0.member("profileCompleteness", profile)
            $0.member("accountMonths", months)
            if level >= .normal {
                $0.object("tests") {
                    $0.member(level == .normal ? "mcq" : level == .high ? "practical" : "interview", isReady)
                }
            }
        }
    }

    /// A random SHA-256, as documents are named by it; there is no document behind it.
    private static func hash(_ random: inout SeededRandom) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for _ in 0..<4 {
            var bits = random.next()
            for _ in 0..<16 {
                text.append(digits[Int(bits & 15)])
                bits >>= 4
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
