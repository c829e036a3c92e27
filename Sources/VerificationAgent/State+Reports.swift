import AgentKit

/// The days that a window of a seller's history may have: a hundred years.
let windowDaysMax: Int64 = 36_525

extension VerificationState {
    func sum(_ column: KeyPath<TradeDay, Int64>, of user: String, from: Instant, to: Instant) -> Int64 {
        let last = TradeDay.number(of: to)
        let first = max(TradeDay.number(of: from), last - windowDaysMax)
        guard first <= last else { return 0 }
        return (first...last).reduce(0) { $0 + (tradeDays[TradeDay.key(user, $1)]?[keyPath: column] ?? 0) }
    }

    /// Orders and services under way since before a moment, with the account that holds their money.
    func trades(before moment: Instant, most: Int64) -> Excerpt {
        var excerpt = Excerpt(most: most)
        trades.forEachKey { key in
            guard let trade = trades[key], trade.since < moment else { return true }
            excerpt.add {
                [
                    ("id", .string(String(key.dropFirst(trade.holder.utf8.count + 1)))),
                    ("account", .string(key + "/" + trade.currency)),
                    ("since", .timestamp(Timestamp(trade.since))),
                ]
            }
            return true
        }
        return excerpt
    }

    /// Known persons of whose documents one has expired.
    func documentsExpired(by moment: Instant, most: Int64) -> Excerpt {
        var excerpt = Excerpt(most: most)
        forEachUser { user in
            guard let until = user.documentsUntil, until <= moment else { return }
            excerpt.add { [("userId", .string(user.id)), ("until", .timestamp(Timestamp(until)))] }
        }
        return excerpt
    }

    /// Persons whose level needs more coins in locks than they have.
    /// - Parameter needs: minor units by level.
    func levelsWithoutLock(_ needs: Value, currency: String, most: Int64) -> Excerpt {
        var byLevel: [String: Int64] = [:]
        for level in ServiceLevel.allCases.dropFirst().map(\.rawValue) {
            byLevel[level] = needs.member(level)?.intValue
        }
        var excerpt = Excerpt(most: most)
        forEachUser { user in
            guard !user.isExpired, let need = byLevel[user.level], need > 0 else { return }
            let locked = standings[user.id]?.lockedCoins[currency]?.saturated.minorUnits ?? 0
            guard locked < need else { return }
            excerpt.add {
                [
                    ("userId", .string(user.id)), ("level", .string(user.level)),
                    ("locked", .money(Money(locked, CurrencyCode(currency) ?? .none))),
                ]
            }
        }
        return excerpt
    }

    private func forEachUser(_ body: (User) -> Void) {
        users.forEachKey { id in
            if let user = users[id] { body(user) }
            return true
        }
    }
}

extension Value {
    /// The value of a text key of a map.
    fileprivate func member(_ name: String) -> Value? {
        switch self {
        case .map(let map): map[name]
        case .host(let host, let node): host.member(node, key: .string(name))
        default: nil
        }
    }
}

/// The first of a list that may be long, and how long it is.
struct Excerpt {
    private let most: Int64
    private var count: Int64 = 0
    private var items: [Value] = []

    init(most: Int64) { self.most = most }

    mutating func add(_ members: () -> [(String, Value)]) {
        if count < most { items.append(.map(MapValue(members()))) }
        count += 1
    }

    var celValue: Value { .map(MapValue([("count", .int(count)), ("items", .list(items))])) }
}
