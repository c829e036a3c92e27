extension TasteHistory {
    /// What is wrong with a file of interactions.
    struct LineError: Error, CustomStringConvertible {
        let line: Int
        let reason: String
        var description: String { "\(line): \(reason)" }
    }

    /// Reads interactions `user,item,time` or `user,item,rating,time`, separated by commas or tabs, times in seconds; each
    /// counts as an order. A first line whose time is no number is a heading.
    /// - Parameter items: lines `item,tag tag …`, of which the last column counts; what it does not name has no tags.
    static func read(
        interactions: [Substring], items: [Substring]
    ) throws(LineError) -> TasteHistory {
        var history = TasteHistory(offers: [], interactions: [], userCount: 0, places: [])
        let tags = tags(of: items)
        var users: [Substring: Int] = [:]
        var numbers: [Substring: Int] = [:]
        for (index, line) in interactions.enumerated() where !line.isEmpty {
            let columns = columns(of: line)
            guard columns.count >= 3 else { throw LineError(line: index + 1, reason: "fewer than three columns") }
            guard let time = columns[min(3, columns.count - 1)].split(separator: ".").first.flatMap({ Int64($0) })
            else {
                guard index == 0 else { throw LineError(line: index + 1, reason: "the time is no number") }
                continue
            }
            let user = users[columns[0], default: users.count]
            users[columns[0]] = user
            let item = numbers[columns[1], default: numbers.count]
            if item == numbers.count {
                numbers[columns[1]] = item
                let own = tags[columns[1]] ?? []
                history.offers.append(TasteOffer(seller: item, category: own.first ?? "", tags: own, place: nil))
            }
            history.interactions.append(TasteInteraction(user: user, item: item, time: time, isOrder: true))
        }
        history.userCount = users.count
        history.interactions.sort { ($0.time, $0.user, $0.item) < ($1.time, $1.user, $1.item) }
        history.askLast(each: 1, least: 3)
        return history
    }

    private static func tags(of items: [Substring]) -> [Substring: [String]] {
        var tags: [Substring: [String]] = [:]
        for line in items {
            let columns = columns(of: line)
            guard let id = columns.first, let last = columns.last, columns.count > 1 else { continue }
            tags[id] = last.split(separator: " ").map(String.init)
        }
        return tags
    }

    private static func columns(of line: Substring) -> [Substring] {
        let separator: Character = line.utf8.contains(UInt8(ascii: "\t")) ? "\t" : ","
        return line.split(separator: separator, omittingEmptySubsequences: false)
    }
}
