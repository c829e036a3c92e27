/// A history of a marketplace, event by event: people sign up, look around, order, pay, deliver, complain, rise and leave.
///
/// It is open: it does not see what the ledger decides, and only imagines it, so that most of what happens succeeds and
/// some of it is refused. The same extent gives the same bytes.
struct History {
    private let extent: Extent
    private var scene: Scene
    private var people = People()
    private var shop = Shop()
    private var services = Services()
    private var money = Money()

    init(_ extent: Extent) {
        self.extent = extent
        scene = Scene(extent)
    }

    /// Makes the whole history and hands on its lines, many at a time.
    /// - Returns: the number of events.
    mutating func write<E: Error>(_ taken: ([UInt8]) throws(E) -> Void) throws(E) -> Int {
        begin()
        for hour in 0..<(extent.days + extent.quietDays) * 24 {
            scene.now = HistoryTime.start + hour * HistoryTime.hour
            if hour > 0, hour < extent.days * 24 { beginHour() }
            if hour >= extent.days * 24, hour % 24 == 23 { scene.passQuietDay() }
            let end = HistoryTime.start + (hour + 1) * HistoryTime.hour
            while let next = scene.agenda.next(before: end) {
                scene.now = next.time
                perform(next.step)
                if let lines = scene.lines.take(isLast: false) { try taken(lines) }
            }
        }
        if let lines = scene.lines.take(isLast: true) { try taken(lines) }
        return scene.lines.count
    }

    /// Everything that is there when the first day begins.
    private mutating func begin() {
        people.found(&scene)
        shop.open(&scene)
        services.open(&scene)
    }

    private mutating func beginHour() {
        people.begin(&scene)
        shop.begin(&scene)
        services.begin(&scene)
        money.begin(&scene)
    }

    private mutating func perform(_ step: Step) {
        switch step {
        case .people(let step): people.perform(step, in: &scene)
        case .shop(let step): shop.perform(step, in: &scene)
        case .services(let step): services.perform(step, in: &scene)
        case .money(let step): money.perform(step, in: &scene)
        }
    }
}

/// How much history is generated, and which.
struct Extent {
    let seed: UInt64
    /// Everyone who has signed up by the end.
    let users: Int
    /// Days on which things begin.
    let days: Int
    /// Days after those on which only what is under way goes on.
    let quietDays: Int

    /// The end of the days on which things begin.
    var end: HistoryTime { HistoryTime.start + days * HistoryTime.day }
    /// The end of all.
    var quietEnd: HistoryTime { end + quietDays * HistoryTime.day }
}

/// What was planned to happen, by the theme that knows it.
enum Step {
    case people(PeopleStep)
    case shop(ShopStep)
    case services(ServicesStep)
    case money(MoneyStep)
}

/// What is planned, the earliest first; of the same moment what was planned first.
struct Agenda {
    private struct Plan {
        let time: HistoryTime
        let number: Int
        let step: Step

        func isBefore(_ other: Plan) -> Bool {
            time == other.time ? number < other.number : time < other.time
        }
    }

    /// A binary heap.
    private var plans: [Plan] = []
    private var planned = 0

    mutating func add(_ step: Step, at time: HistoryTime) {
        planned += 1
        plans.append(Plan(time: time, number: planned, step: step))
        var child = plans.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard plans[child].isBefore(plans[parent]) else { return }
            plans.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out the earliest plan, where it is before `end`.
    mutating func next(before end: HistoryTime) -> (time: HistoryTime, step: Step)? {
        guard let first = plans.first, first.time < end else { return nil }
        let last = plans.removeLast()
        if !plans.isEmpty {
            plans[0] = last
            sink()
        }
        return (first.time, first.step)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in (2 * parent + 1)...(2 * parent + 2) where child < plans.count {
                if plans[child].isBefore(plans[least]) { least = child }
            }
            guard least != parent else { return }
            plans.swapAt(parent, least)
            parent = least
        }
    }
}
