import AgentKit

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

    /// What is beyond ±(2^53 − 1) is told as that.
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
