package import AgentKit

extension AnalyticsState {
    func add(_ amount: Int64, to counter: String) { counters.upsert(counter) { $0.total += Amount(amount) } }

    /// Counts an order for an area or a product.
    func rank(_ kind: String, _ id: String) {
        let present = periods[PresentPeriods.only] ?? PresentPeriods()
        let key = kind + "/" + id
        var tally = tallies[key] ?? Tally()
        tally.add(in: present)
        tallies[key] = tally
        for period in Period.allCases {
            let list = Self.list(period, kind)
            var first = leaders[list] ?? Leaders()
            if first.note(id, tally.count(period)) { leaders[list] = first }
        }
    }

    /// Ends a period: its figures are the report's, and the next begins.
    func close(_ period: Period, before date: String) {
        var report = reports[period.rawValue] ?? Report()
        report.date = date
        fill(&report, period)
        report.areas = takeLeaders(period, "area")
        report.products = takeLeaders(period, "product")
        reports[period.rawValue] = report
        periods.upsert(PresentPeriods.only) { $0[period] += 1 }
    }

    /// Copies the counters into a report and closes their period. A figure beyond ±(2^53 − 1) is reported as that limit.
    private func fill(_ report: inout Report, _ period: Period) {
        var keys: [String] = []
        counters.forEachKey { key in
            keys.append(key)
            return true
        }
        var groups: [String: [String: Int64]] = [:]
        for key in keys {
            guard var counter = counters[key], let slash = key.utf8.firstIndex(of: UInt8(ascii: "/")) else { continue }
            let group = String(key[..<slash])
            let grown = counter.close(period)
            counters[key] = counter
            let figure = (group == "users" ? counter.total : grown).saturated.minorUnits
            if figure != 0 { groups[group, default: [:]][String(key[key.utf8.index(after: slash)...])] = figure }
        }
        report.orders = groups["orders"] ?? [:]
        report.turnover = groups["turnover"] ?? [:]
        report.fees = groups["fees"] ?? [:]
        report.fines = groups["fines"] ?? [:]
        report.complaints = groups["complaints"] ?? [:]
        report.users = groups["users"] ?? [:]
        report.ordersEnded = groups["ended"]?["orders"] ?? 0
        report.ordersManual = groups["manual"]?["orders"] ?? 0
        report.complaintsEnded = groups["ended"]?["complaints"] ?? 0
        report.complaintsManual = groups["manual"]?["complaints"] ?? 0
    }

    private func takeLeaders(_ period: Period, _ kind: String) -> [String] {
        let list = Self.list(period, kind)
        defer { leaders[list] = nil }
        return leaders[list]?.ids ?? []
    }

    private static func list(_ period: Period, _ kind: String) -> String { period.rawValue + "/" + kind }
}

/// The orders of one area or one product in the present day, week and month; its key is `area/` or `product/` and the
/// id.
package struct Tally: Row {
    /// The periods to which the counts belong.
    package var periods = PresentPeriods()
    package var day: Int64 = 0
    package var week: Int64 = 0
    package var month: Int64 = 0

    package init() {}

    package static let name = "tally"
    package static let fields: RowFields<Tally> = [
        .init("inDay", \.periods.day), .init("inWeek", \.periods.week), .init("inMonth", \.periods.month),
        .init("day", \.day), .init("week", \.week), .init("month", \.month),
    ]

    /// Counts one order; what belongs to a period that is over is dropped.
    mutating func add(in present: PresentPeriods) {
        day = (periods.day == present.day ? day : 0) + 1
        week = (periods.week == present.week ? week : 0) + 1
        month = (periods.month == present.month ? month : 0) + 1
        periods = present
    }

    func count(_ period: Period) -> Int64 {
        switch period {
        case .day: day
        case .week: week
        case .month: month
        }
    }
}

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
