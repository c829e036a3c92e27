/// Generator of a marketplace's history, event by event: people sign up, look around, order, pay, deliver, complain,
/// rise and leave.
///
/// It is a discrete-event simulation. Four themes (`People`, `Shop`, `Services`, `Money`) plan steps into the `Agenda`
/// of the `Scene` that they share; each hour they plan what begins in it, and then the steps due are performed in order
/// of time, each emitting events to `EventLines` and planning what follows.
///
/// The simulation does not see the ledger's decisions: it guesses them, so that most of what happens succeeds and some
/// of it is refused. The same extent gives the same bytes.
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

    /// Generates the whole history and passes on its lines, many at a time.
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

    /// Creates everything that is there when the first day begins.
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

    private mutating func perform(_ step: HistoryStep) {
        switch step {
        case .people(let step): people.perform(step, in: &scene)
        case .shop(let step): shop.perform(step, in: &scene)
        case .services(let step): services.perform(step, in: &scene)
        case .money(let step): money.perform(step, in: &scene)
        }
    }
}

/// Size and seed of a generated history.
struct Extent {
    let seed: UInt64
    /// Number of people who have signed up by the end.
    let users: Int
    /// Days on which new activity begins.
    let days: Int
    /// Days after those, on which only activity in progress goes on.
    let quietDays: Int

    /// The end of the days on which new activity begins.
    var end: HistoryTime { HistoryTime.start + days * HistoryTime.day }
    /// The end of the quiet days.
    var quietEnd: HistoryTime { end + quietDays * HistoryTime.day }
}

/// A planned step, by the theme that performs it.
enum HistoryStep {
    case people(PeopleStep)
    case shop(ShopStep)
    case services(ServicesStep)
    case money(MoneyStep)
}

/// Queue of planned steps, the earliest first; of the same time the first planned.
struct Agenda {
    private struct Plan {
        let time: HistoryTime
        let number: Int
        let step: HistoryStep

        func isBefore(_ other: Plan) -> Bool {
            time == other.time ? number < other.number : time < other.time
        }
    }

    /// A binary heap.
    private var plans: [Plan] = []
    private var planned = 0

    mutating func add(_ step: HistoryStep, at time: HistoryTime) {
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

    /// Takes out the earliest step, if it is before `end`.
    mutating func next(before end: HistoryTime) -> (time: HistoryTime, step: HistoryStep)? {
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
