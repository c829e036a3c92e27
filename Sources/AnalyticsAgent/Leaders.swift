package import AgentKit

/// The areas or products with the most orders of a period, the first `placesMax`; its key is the period and `area` or
/// `product`.
package struct Leaders: Row {
    package var ids: [String] = []
    package var counts: [Int64] = []

    package init() {}

    package static let name = "leaders"
    package static let fields: RowFields<Leaders> = [.init("ids", \.ids), .init("counts", \.counts)]

    /// Places of a list.
    package static let placesMax = 10

    /// Notes a count that has just grown by one; the list stays in order: most orders first, ties by id.
    /// - Returns: whether it is, or has come, among the first.
    mutating func note(_ id: String, _ count: Int64) -> Bool {
        var place = ids.firstIndex { $0.hasSameBytes(as: id) } ?? ids.count
        if place == ids.count {
            if ids.count == Self.placesMax {
                guard comes(id, count, before: ids.count - 1) else { return false }
                place -= 1
                ids[place] = id
                counts[place] = count
            } else {
                ids.append(id)
                counts.append(count)
            }
        } else {
            counts[place] = count
        }
        while place > 0, comes(ids[place], counts[place], before: place - 1) {
            ids.swapAt(place, place - 1)
            counts.swapAt(place, place - 1)
            place -= 1
        }
        return true
    }

    private func comes(_ id: String, _ count: Int64, before place: Int) -> Bool {
        count != counts[place] ? count > counts[place] : id.utf8.lexicographicallyPrecedes(ids[place].utf8)
    }
}
