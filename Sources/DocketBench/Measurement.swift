import CommandKit

/// Result of a benchmark; the latencies are in milliseconds.
struct Measurement: Encodable {
    let name: String
    let count: Int
    let seconds: Double
    var perSecond: Double
    var p50: Double?
    var p90: Double?
    var p99: Double?
    var max: Double?
    /// Entries that the events led to, where the log's size was read before and after.
    var entries: Int?
    var entriesPerSecond: Double?
    /// Events that did not have the intended effect.
    var failed: Int?
    /// Unit of `count`: `transfers`, `triggers`, `entries` …
    var unit: String
    /// The condition that was evaluated.
    var expression: String?

    /// - Parameter nanoseconds: the latency of each request.
    init(_ name: String, count: Int, unit: String, seconds: Double, nanoseconds: [UInt64] = []) {
        self.name = name
        self.count = count
        self.unit = unit
        self.seconds = seconds
        perSecond = seconds > 0 ? Double(count) / seconds : 0
        guard !nanoseconds.isEmpty else { return }
        let sorted = nanoseconds.sorted()
        func percentile(_ share: Double) -> Double {
            Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1e6
        }
        p50 = percentile(0.5)
        p90 = percentile(0.9)
        p99 = percentile(0.99)
        max = Double(sorted[sorted.count - 1]) / 1e6
    }

    /// Prints one line, as JSON or as text.
    func print(json: Bool) throws {
        if json {
            try Console.json(self)
        } else {
            Swift.print(text)
        }
    }

    /// One line of text.
    var text: String {
        var text = "\(name): \(Text.grouped(UInt64(perSecond.rounded()))) \(unit)/s"
        text += " (\(Text.grouped(UInt64(count))) in \(Text.decimal(seconds, places: 2)) s)"
        if let p50, let p90, let p99, let max {
            let parts = [("p50", p50), ("p90", p90), ("p99", p99), ("max", max)]
            text += "; " + parts.map { "\($0.0) \(Text.decimal($0.1, places: 2)) ms" }.joined(separator: ", ")
        }
        if let entriesPerSecond { text += "; \(Text.grouped(UInt64(entriesPerSecond.rounded()))) entries/s" }
        if let failed, failed > 0 { text += "; \(Text.grouped(UInt64(failed))) FAILED" }
        return text
    }
}
