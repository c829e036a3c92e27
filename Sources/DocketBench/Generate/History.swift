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
