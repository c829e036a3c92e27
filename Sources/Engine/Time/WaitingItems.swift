import AgentKit

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
            // What comes before the last key read ahead is done; nothing is added there without a reset.
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
