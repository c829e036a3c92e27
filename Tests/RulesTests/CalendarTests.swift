import AgentKit
import Rules
import TestSupport
import Testing

@Suite struct CalendarTests {
    private func shipped() throws -> RuleSet {
        var files: [RuleFile] = []
        for name in ["calendar.yaml", "currencies.yaml"] {
            files.append(RuleFile(name: name, text: try Repository.bytes("rules/" + name)))
        }
        return try RuleSet.load(files: files, host: Fixture().host)
    }

    private func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test("midnight in Karachi is 19:00 in UTC, and 18:00 in the summers that had daylight saving")
    func daily() throws {
        let calendar = try shipped().calendar
        let winter = calendar.next(.daily, after: try instant("2024-02-15T14:30:00Z"))
        #expect(winter == ScheduleDue(schedule: .daily, due: try instant("2024-02-15T19:00:00Z"), date: "2024-02-16"))
        let summer = calendar.next(.daily, after: try instant("2008-07-01T00:00:00Z"))
        #expect(summer.due.text == "2008-07-01T18:00:00.000Z")
        #expect(summer.date == "2008-07-02")
        let onTheDot = calendar.next(.daily, after: winter.due)
        #expect(onTheDot.date == "2024-02-17")
    }

    @Test("schedules of one moment come as daily, weekly, monthly")
    func together() throws {
        let calendar = try shipped().calendar
        let due = calendar.next(after: try instant("2024-08-31T18:59:59Z"))
        #expect(due.map(\.schedule) == [.daily, .weekly, .monthly])
        #expect(due.map(\.date) == Array(repeating: "2024-09-01", count: 3))
        let next = calendar.next(after: due[0].due)
        #expect(next.map(\.schedule) == [.daily])
    }

    @Test("after the last day of year 9999 no schedule is due at any time that can be written")
    func end() throws {
        let calendar = try shipped().calendar
        let last = calendar.next(.daily, after: try instant("9999-12-30T12:00:00Z"))
        #expect(last == ScheduleDue(schedule: .daily, due: try instant("9999-12-30T19:00:00Z"), date: "9999-12-31"))
        for schedule in Schedule.allCases {
            #expect(calendar.next(schedule, after: try instant("9999-12-31T18:00:00Z")).due > .latest)
            #expect(calendar.next(schedule, after: .latest).due > .latest)
        }
    }

    @Test("a moment is shown in the zone with its offset")
    func text() throws {
        let calendar = try shipped().calendar
        #expect(calendar.text(try instant("2024-02-16T16:00:00Z")) == "2024-02-16T21:00:00+05:00")
        #expect(calendar.text(try instant("2009-05-01T12:00:00Z")) == "2009-05-01T18:00:00+06:00")
    }

    @Test("a day whose midnight does not exist begins when the clocks jump")
    func gap() throws {
        let calendar = try shipped().calendar
        let due = calendar.next(.daily, after: try instant("2002-04-06T12:00:00Z"))
        #expect(due.date == "2002-04-07")
        #expect(due.due.text == "2002-04-06T19:00:00.000Z")
    }

    /// Samoa, which left out 30 December 2011, and had daylight saving from 24 September 2011 to 1 April 2012.
    private static let samoa = Calendar(
        zone: "Pacific/Apia", weekStart: 0,
        transitions: [
            .init(from: Instant(milliseconds: 0), offsetSeconds: -39_600),
            .init(from: Instant(rfc3339: "2011-09-24T14:00:00Z")!, offsetSeconds: -36_000),
            .init(from: Instant(rfc3339: "2011-12-30T10:00:00Z")!, offsetSeconds: 50_400),
            .init(from: Instant(rfc3339: "2012-03-31T14:00:00Z")!, offsetSeconds: 46_800),
        ])

    @Test("a day that a zone left out has no schedule")
    func leftOut() throws {
        let before = Self.samoa.next(.daily, after: try instant("2011-12-29T09:59:59Z"))
        #expect(before.date == "2011-12-29")
        let after = Self.samoa.next(.daily, after: before.due)
        #expect(after.date == "2011-12-31")
        #expect(after.due.text == "2011-12-30T10:00:00.000Z")
        #expect(Self.samoa.next(.daily, after: after.due).date == "2012-01-01")
    }

    @Test("months are the calendar's: the same time of day in the zone, on the last day of a shorter month")
    func months() throws {
        let karachi = try shipped().calendar
        // 31 March 01:30 in Karachi is 30 March in UTC.
        #expect(karachi.later(try instant("2024-03-30T20:30:00Z"), months: 1)?.text == "2024-04-29T20:30:00.000Z")
        #expect(karachi.later(try instant("2024-01-31T09:00:00.5Z"), months: 1)?.text == "2024-02-29T09:00:00.500Z")
        #expect(karachi.later(try instant("2024-03-31T00:00:00Z"), months: -1)?.text == "2024-02-29T00:00:00.000Z")
        // Into daylight saving, back out of it, and to a day or an hour that was left out.
        #expect(Self.samoa.later(try instant("2011-08-24T22:00:00Z"), months: 2)?.text == "2011-10-24T21:00:00.000Z")
        #expect(Self.samoa.later(try instant("2012-02-29T22:00:00Z"), months: 1)?.text == "2012-03-31T23:00:00.000Z")
        #expect(Self.samoa.later(try instant("2011-11-30T22:00:00Z"), months: 1)?.text == "2011-12-30T22:00:00.000Z")
        #expect(Self.samoa.later(try instant("2011-08-24T14:30:00Z"), months: 1)?.text == "2011-09-24T14:30:00.000Z")
        for months in [1_000_000, .max, .min, 12 * 8000, -12 * 2100] as [Int64] {
            #expect(karachi.later(try instant("2024-01-31T09:00:00Z"), months: months) == nil)
        }
    }

    @Test("amounts are shown with their currency's decimals")
    func money() throws {
        let currencies = try shipped().currencies
        #expect(currencies.text(amount: 199_900, currency: "PKR") == "PKR 1,999.00")
        #expect(currencies.text(amount: 5, currency: "USD") == "USD 0.05")
        #expect(currencies.text(amount: -123_456_789, currency: "JPY") == "JPY -123,456,789")
        #expect(currencies.text(amount: 1_234_567, currency: "KWD") == "KWD 1,234.567")
        #expect(currencies.text(amount: 1, currency: "XTS") == nil)
    }

    @Test("a calendar in error is refused with its place")
    func errors() throws {
        let file = RuleFile(
            name: "calendar.yaml",
            text: "zone: X\nbefore: \"+5\"\ntransitions:\n  - {from: 2024-01-01, offset: \"+05:00\"}\n")
        let error = try #require(
            #expect(throws: RuleSetError.self) { try RuleSet.load(files: [file], host: Fixture().host) })
        #expect(error.diagnostics.map(\.line) == [2, 4])
        #expect(error.description.contains("`+5` is not an offset like `+05:00`"))
    }
}
