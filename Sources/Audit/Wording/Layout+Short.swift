import AgentKit

extension Layout {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `16 Feb 21:00`, and `16 Feb 2024 21:00` in another year than that of `present` or where that is not known.
    func shortTime(_ instant: Instant, present: Instant?) -> String {
        let parts = parts(of: instant)
        let isThisYear = present.map { self.parts(of: $0).year == parts.year } ?? false
        return parts.day + (isThisYear ? " " : " " + parts.year + " ") + parts.clock
    }

    /// `16 Feb 2024 21:00 (+05:00)`
    func longTime(_ instant: Instant) -> String {
        let parts = parts(of: instant)
        return parts.day + " " + parts.year + " " + parts.clock + " (" + parts.offset + ")"
    }

    /// Takes `2024-02-16 21:00:00+05:00` to pieces.
    private func parts(of instant: Instant) -> (day: String, year: String, clock: String, offset: String) {
        let text = Array(time(instant).utf8)
        func piece(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        let month = Self.months[max(0, min(11, (Int(piece(5..<7)) ?? 1) - 1))]
        return (piece(8..<10) + " " + month, piece(0..<4), piece(11..<16), piece(19..<text.count))
    }
}
