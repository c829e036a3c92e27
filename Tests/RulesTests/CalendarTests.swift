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
