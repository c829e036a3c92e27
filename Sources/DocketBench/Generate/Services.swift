/// The theme of AI services: offers, requests, calls, reports and reviews.
struct Services {
    private(set) var services: [AIService] = []
    var requests: [ServiceRequest] = []
    private var calls = 0
    private var reports = 0

    private static let titles = [
        "Translate Urdu", "Tag photos", "Write listings", "Answer buyers", "Predict demand", "Read invoices",
    ]
    private static let tags = ["ai", "text", "images", "digital", "books", "travel"]
    private static let scoresMax = 20
    private static let subscriptionDays = 7

    /// Someone's use of a service.
    private struct Use: Hashable {
        let user: Int
        let service: Int
    }

    /// Times until which people most likely have a license.
    private var used: [Use: HistoryTime] = [:]

    /// The providers of the beginning register theirs.
    mutating func open(_ scene: inout Scene) {
        for person in scene.people where person.role == .provider {
            for _ in 0..<2 {
                scene.tick()
                register(person.number, &scene)
            }
        }
        scene.agenda.add(.services(.age), at: scene.now + HistoryTime.day)
    }

    /// Plans what begins in the hour that begins now.
    func begin(_ scene: inout Scene) {
        let count = services.count
        guard count > 0 else { return }
        scene.planHour(55, of: scene.people.count) { scene in scene.someone().map { .services(.ask($0)) } }
        scene.planHour(25, of: count) { .services(.turn($0.random.next(below: count))) }
    }

    mutating func perform(_ step: ServicesStep, in scene: inout Scene) {
        switch step {
        case .register(let provider): register(provider, &scene)
        case .turn(let service): turn(service, &scene)
        case .ask(let person): ask(person, &scene)
        case .deliver(let request): deliver(request, &scene)
        case .fail(let request): fail(request, &scene)
        case .call(let request, let more): call(request, more: more, &scene)
        case .complain(let request): complain(request, &scene)
        case .resolve(let request): resolve(request, &scene)
        case .report(let request): report(request, &scene)
        case .review(let service): review(service, &scene)
        case .age: age(&scene)
        }
    }

    // MARK: Offers

    private mutating func register(_ provider: Int, _ scene: inout Scene) {
        guard !scene.people[provider].isGone else { return }
        let inDollars = scene.random.chance(250), isSubscription = scene.random.chance(350)
        // Every fourth service deteriorates until it is reviewed.
        let service = AIService(
            number: services.count, provider: provider,
            price: inDollars ? scene.random.int(2...40) * 100 : scene.random.int(2...60) * 5000,
            currency: inDollars ? .dollars : .rupees, calls: isSubscription ? nil : scene.random.int(3...12),
            level: scene.random.chance(150) ? .normal : .free, quality: scene.random.int(60...95),
            decay: services.count % 4 == 3 ? scene.random.int(4...7) : 0)
        services.append(service)
        emitRegistered(service, &scene)
    }

    private func emitRegistered(_ service: AIService, _ scene: inout Scene) {
        let title = scene.random.pick(Self.titles), tags = [scene.random.pick(Self.tags), "ai"]
        let owner = scene.random.chance(500) ? scene.someone() : nil
        var validators: [Int] = []
        for _ in 0..<scene.random.int(0...2) {
            if let validator = scene.someone(), !validators.contains(validator) { validators.append(validator) }
        }
        scene.emit("service.registered", from: "/ai", about: service.id) {
            $0.member("serviceId", service.id)
            $0.member("providerId", .user(service.provider))
            if let owner { $0.member("modelOwnerId", .user(owner)) }
            $0.member("title", title)
            $0.member("price", service.price)
            $0.member("currency", service.currency.rawValue)
            $0.object("license") {
                $0.member("kind", service.calls == nil ? "subscription" : "call")
                if let calls = service.calls {
                    $0.member("calls", calls)
                } else {
                    $0.member("days", Self.subscriptionDays)
                }
            }
            $0.member("requiredLevel", service.level.rawValue)
            $0.member("available", true)
            $0.member("tags", tags)
            if !validators.isEmpty {
                $0.list("validatorIds") { json in for validator in validators { json.element(.user(validator)) } }
            }
        }
    }

    /// Turns a service off, and on again soon.
    private mutating func turn(_ number: Int, _ scene: inout Scene) {
        services[number].isAvailable.toggle()
        let service = services[number]
        scene.emit("service.availability.changed", from: "/ai", about: service.id) {
            $0.member("serviceId", service.id)
            $0.member("available", service.isAvailable)
        }
        if !service.isAvailable { scene.plan(.services(.turn(number)), hours: 1...12) }
    }

    private mutating func age(_ scene: inout Scene) {
        for index in services.indices {
            services[index].quality = max(5, services[index].quality - services[index].decay)
        }
        if scene.now < scene.extent.end { scene.agenda.add(.services(.age), at: scene.now + HistoryTime.day) }
    }

    // MARK: Requests

    private mutating func ask(_ person: Int, _ scene: inout Scene) {
        let service = services[scene.random.popular(below: services.count)]
        guard !scene.people[person].isGone, service.provider != person else { return }
        // Most check first that they can have it, and those who have a license use that.
        let use = Use(user: person, service: service.number)
        let isUsed = used[use].map { scene.now < $0 } ?? false
        let mayAsk =
            scene.people[person].level >= service.level && service.isAvailable && !service.isSuspended && !isUsed
        if !mayAsk, scene.random.chance(880) { return }
        if scene.random.chance(960) { scene.ensure(service.price, service.currency, for: person) }
        let isPaid = mayAsk && scene.people[person].purse[service.currency] >= service.price
        if isPaid {
            scene.people[person].purse[service.currency] -= service.price
            used[use] = scene.now + (service.calls == nil ? Self.subscriptionDays : 2) * HistoryTime.day
        }
        let request = ServiceRequest(
            number: requests.count, service: service.number, user: person, isPaid: isPaid)
        requests.append(request)
        scene.emit("service.requested", from: "/ai", about: request.id) {
            $0.member("requestId", request.id)
            $0.member("serviceId", service.id)
            $0.member("userId", .user(person))
            $0.object("requirements") { $0.member("language", "ur") }
        }
        // The provider ends every request, even one that the ledger has refused.
        let next: ServicesStep = scene.random.chance(70) ? .fail(request.number) : .deliver(request.number)
        scene.plan(.services(next), hours: 1...40)
        guard isPaid || scene.random.chance(100) else { return }
        let more = service.calls.map { $0 + (scene.random.chance(300) ? 1 : -1) } ?? scene.random.int(2...6)
        scene.plan(.services(.call(request.number, more: max(0, more - 1))), minutes: 1...50)
    }

    private mutating func deliver(_ number: Int, _ scene: inout Scene) {
        let request = requests[number], service = services[request.service]
        scene.emit("service.delivered", from: "/ai", about: request.id) { $0.member("requestId", request.id) }
        scene.earn(service.price * 60 / 100, service.currency, by: service.provider)
        if scene.random.chance(700) { scene.plan(.services(.report(number)), hours: 1...30) }
        // The first call may have been hours before, and the money is held for three days from then on.
        if request.isPaid, scene.happens(60, .serviceComplaint) {
            scene.plan(.services(.complain(number)), hours: 1...28)
        }
    }

    private mutating func fail(_ number: Int, _ scene: inout Scene) {
        let request = requests[number], service = services[request.service]
        let reason = scene.random.pick(["out_of_capacity", "model_error", "bad_input"])
        scene.emit("service.failed", from: "/ai", about: request.id) {
            $0.member("requestId", request.id)
            $0.member("reason", reason)
        }
        requests[number].isRevoked = true
        scene.people[request.user].purse[service.currency] += service.price
    }

    private mutating func call(_ number: Int, more: Int, _ scene: inout Scene) {
        let request = requests[number]
        guard !scene.people[request.user].isGone else { return }
        if request.isRevoked, scene.random.chance(800) { return }
        calls += 1
        let id = Ident(prefix: "CALL-", number: calls), license = Ident.license(number)
        scene.emit("service.called", from: "/ai", about: license) {
            $0.member("callId", id)
            $0.member("licenseId", license)
        }
        if more > 0 { scene.plan(.services(.call(number, more: more - 1)), minutes: 20...1500) }
    }

    // MARK: Quality

    private mutating func report(_ number: Int, _ scene: inout Scene) {
        let request = requests[number]
        guard !scene.people[request.user].isGone else { return }
        let service = services[request.service], score = min(100, max(0, service.quality + scene.random.int(-12...12)))
        reports += 1
        let id = Ident(prefix: "Q-", number: reports), latency = scene.random.int(80...4000)
        scene.emit("quality.reported", from: "/ai", about: service.id) {
            $0.member("reportId", id)
            $0.member("serviceId", service.id)
            $0.member("requestId", request.id)
            $0.member("userId", .user(request.user))
            $0.member("score", score)
            $0.member("latencyMs", latency)
            if score < 30 { $0.member("error", "bad_answer") }
        }
        services[service.number].scores.append(score)
        if service.scores.count >= Self.scoresMax { services[service.number].scores.removeFirst() }
        let now = services[service.number]
        guard now.mean < 40, now.scores.count >= 5, !now.isSuspended else { return }
        services[service.number].isSuspended = true
        scene.plan(.services(.review(service.number)), hours: 30...150)
    }

    /// Reviews a suspended service: it works again, or is reviewed once more.
    private mutating func review(_ number: Int, _ scene: inout Scene) {
        let isGood = scene.random.chance(700), id = services[number].id
        let score = isGood ? scene.random.int(72...95) : scene.random.int(30...65)
        scene.emit("service.reviewed", from: "/ai", about: id) {
            $0.member("serviceId", id)
            $0.member("score", score)
            $0.member("by", "reviewers")
        }
        guard isGood else { return scene.plan(.services(.review(number)), hours: 30...100) }
        services[number].isSuspended = false
        services[number].quality = score
        services[number].scores = []
    }
}

/// Complaints about services and their outcomes.
extension Services {
    mutating func complain(_ number: Int, _ scene: inout Scene) {
        let request = requests[number]
        guard !request.isRevoked, !scene.people[request.user].isGone else { return }
        let description = scene.random.pick(["the answers are wrong", "half of it is missing", "it is of no use"])
        scene.emit("complaint.submitted", from: "/ai", about: request.complaint) {
            $0.member("complaintId", request.complaint)
            $0.member("requestId", request.id)
            $0.member("userId", .user(request.user))
            $0.member("kind", "quality")
            $0.member("description", description)
        }
        // Some franchises do not answer in time.
        scene.plan(.services(.resolve(number)), hours: scene.random.chance(800) ? 0...5 : 7...17)
    }

    mutating func resolve(_ number: Int, _ scene: inout Scene) {
        let request = requests[number], service = services[request.service], area = scene.people[request.user].area
        let outcome = scene.random.pick(["partial", "partial", "refund", "rejected"])
        let part = max(1, service.price * scene.random.int(20...60) / 100)
        let franchise = scene.places.franchise(.sub, for: area) ?? scene.places.franchise(.master, for: area) ?? 0
        scene.emit("complaint.resolved", from: "/franchises", about: request.complaint) {
            $0.member("complaintId", request.complaint)
            $0.member("outcome", outcome)
            if outcome == "partial" { $0.member("refundAmount", part) }
            $0.member("by", .franchise(franchise))
        }
        guard outcome != "rejected" else { return }
        scene.people[request.user].purse[service.currency] += outcome == "partial" ? part : service.price
        if outcome == "refund" { requests[number].isRevoked = true }
    }
}

/// A step of the theme of AI services; people, services and requests are given by their numbers.
enum ServicesStep {
    case register(Int)
    case turn(Int)
    case ask(Int)
    case deliver(Int)
    case fail(Int)
    /// A call under the license of a request, and how many follow.
    case call(Int, more: Int)
    case complain(Int)
    /// The franchise of the user's area answers the complaint.
    case resolve(Int)
    case report(Int)
    case review(Int)
    /// A day has gone by.
    case age
}

/// A service that a provider offers.
struct AIService {
    let number: Int
    let provider: Int
    /// Price in minor units.
    let price: Int
    let currency: Currency
    /// Calls that one license holds; nil for a subscription.
    let calls: Int?
    let level: Level
    /// Quality from 0 to 100.
    var quality: Int
    /// Loss of quality each day.
    let decay: Int
    var isAvailable = true
    /// The last scores reported, at most 20.
    var scores: [Int] = []
    /// Indicates that the reports were so bad that it waits for a review.
    var isSuspended = false

    var id: Ident { .service(number) }
    var mean: Int { scores.isEmpty ? 100 : scores.reduce(0, +) / scores.count }
}

/// A request to a service.
struct ServiceRequest {
    let number: Int
    let service: Int
    let user: Int
    var isPaid = false
    /// Indicates that it failed, so that its license is revoked.
    var isRevoked = false

    var complaint: Ident { Ident(prefix: "C-S-", number: number) }
    var id: Ident { .request(number) }
}
