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
