import AgentKit

/// The timers that fire next, as a heap in memory over the ordered table of all of them. What was cancelled or taken
/// back stays in the heap until it comes up and is found to be gone.
struct UpcomingTimers {
    /// Place of a timer in the order in which timers fire.
    struct Place: Hashable, Comparable {
        let due: Instant
        let scheduled: EntrySequence

        static func < (a: Place, b: Place) -> Bool {
            a.due == b.due ? a.scheduled < b.scheduled : a.due < b.due
        }

        /// 32 hexadecimal digits that sort as the places do.
        var key: String {
            (UInt64(bitPattern: due.milliseconds) ^ (1 << 63)).zeroPadded(to: 16, radix: 16)
                + scheduled.value.zeroPadded(to: 16, radix: 16)
        }

        init(due: Instant, scheduled: EntrySequence) {
            self.due = due
            self.scheduled = scheduled
        }

        init?(key: String) {
            guard key.utf8.count == 32, let due = UInt64(key.prefix(16), radix: 16),
                let scheduled = UInt64(key.suffix(16), radix: 16)
            else { return nil }
            self.init(
                due: Instant(milliseconds: Int64(bitPattern: due ^ (1 << 63))), scheduled: EntrySequence(scheduled))
        }
    }

    /// Places kept in memory at most; beyond that the later half is left to the table.
    static let placesMax = 131_072

    private var heap: [Place] = []
    /// Places after this one may be missing from the heap.
    private var horizon: Place?
    private var isFilled = false

    mutating func insert(_ place: Place) {
        if let horizon, horizon < place { return }
        heap.append(place)
        siftUp(heap.count - 1)
        if heap.count > Self.placesMax {
            heap.sort()
            heap.removeSubrange((Self.placesMax / 2)...)
            horizon = heap.last
        }
    }

    /// Returns true if a timer may be due by then; false is certain, true is not.
    func mayBeDue(by time: Instant) -> Bool {
        guard isFilled, let first = heap.first else { return !isFilled || horizon != nil }
        return first.due <= time
    }

    /// The next place that the table still holds.
    mutating func next(in due: Table<DueRow>) -> Place? {
        if !isFilled { refill(from: due) }
        while true {
            while let first = heap.first {
                if due.contains(first.key) { return first }
                removeFirst()
            }
            guard horizon != nil else { return nil }
            refill(from: due)
        }
    }

    /// Forgets the heap: the table is the truth.
    mutating func reset() { self = UpcomingTimers() }

    private mutating func refill(from due: Table<DueRow>) {
        heap = []
        horizon = nil
        isFilled = true
        due.forEachKey { key in
            if let place = Place(key: key) { heap.append(place) }
            return heap.count < Self.placesMax / 2
        }
        if heap.count == Self.placesMax / 2 { horizon = heap.last }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private mutating func siftUp(_ index: Int) {
        var child = index
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }
}

/// The keys of the rows that a schedule left to be done, read ahead from their table in order.
struct WaitingItems {
    /// Keys read ahead at a time.
    static let keysMax = 4096

    private var keys: [String] = []
    private var position = 0
    private var isExhausted = false

    /// The next key that the table still holds.
    mutating func next(in table: Table<ScheduleItemRow>) -> String? {
        while true {
            while position < keys.count {
                if table.contains(keys[position]) { return keys[position] }
                position += 1
            }
            if isExhausted { return nil }
            // Everything up to the last key read ahead is done; an addition there resets the walk.
            let last = keys.last ?? ""
            keys = []
            position = 0
            table.forEachKey(from: last) { key in
                keys.append(key)
                return keys.count < Self.keysMax
            }
            isExhausted = keys.count < Self.keysMax
        }
    }

    /// Forgets what was read ahead: rows were added.
    mutating func reset() { self = WaitingItems() }
}
