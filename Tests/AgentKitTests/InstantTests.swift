import AgentKit
import Testing

@Suite struct InstantTests {
    @Test(
        "RFC 3339 with an offset is read and written in UTC with three decimals",
        arguments: [
            ("2024-02-15T14:30:00Z", "2024-02-15T14:30:00.000Z"),
            ("2024-02-29T23:59:59.9999+05:00", "2024-02-29T18:59:59.999Z"),
            ("1969-12-31T23:59:59.001-00:30", "1970-01-01T00:29:59.001Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
            ("2000-02-29T00:00:00.1Z", "2000-02-29T00:00:00.100Z"),
        ])
    func read(text: String, canonical: String) throws {
        #expect(try #require(Instant(rfc3339: text)).text == canonical)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "2024-02-15", "2024-02-15T14:30:00", "2024-02-15t14:30:00Z", "2024-02-15T14:30:00z", "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:60Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.1234567890Z", "+024-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00Z ",
            "",
        ])
    func refused(text: String) { #expect(Instant(rfc3339: text) == nil) }

    @Test(
        "what is added beyond the years 1 to 9999 ends with them",
        arguments: [
            ("9999-12-31T23:59:58.500Z", 1, "9999-12-31T23:59:59.500Z"),
            ("9999-12-31T23:59:59.500Z", 1, "9999-12-31T23:59:59.999Z"),
            ("2024-01-01T00:00:00.000Z", Int64.max, "9999-12-31T23:59:59.999Z"),
            ("2024-01-01T00:00:00.000Z", Int64.max / 1000, "9999-12-31T23:59:59.999Z"),
            ("0001-01-01T00:00:00.000Z", -1, "0001-01-01T00:00:00.000Z"),
            ("2024-01-01T00:00:00.000Z", Int64.min, "0001-01-01T00:00:00.000Z"),
        ])
    func adding(text: String, seconds: Int64, sum: String) throws {
        #expect(try #require(Instant(rfc3339: text)).adding(seconds: seconds).text == sum)
    }

    @Test("days and dates agree over four centuries")
    func dates() {
        var previous = CalendarDate(daysSinceEpoch: -140_000)
        for day in stride(from: Int64(-139_999), through: 20_000, by: 1) {
            let date = CalendarDate(daysSinceEpoch: day)
            #expect(date.daysSinceEpoch == day)
            #expect(date.day == 1 || date.day == previous.day + 1)
            #expect(date.weekday == (previous.weekday + 1) % 7)
            previous = date
        }
        #expect(CalendarDate(year: 2024, month: 2, day: 16).text == "2024-02-16")
        #expect(CalendarDate(year: 2024, month: 2, day: 18).weekday == 0)
    }

    @Test("a sequence is 16 digits and nothing else")
    func sequences() {
        #expect(EntrySequence(41).padded == "0000000000000041")
        #expect(EntrySequence(padded: "0000000000000041") == EntrySequence(41))
        for text in ["41", "+000000000000041", "000000000000004 ", "00000000000000041", ""] {
            #expect(EntrySequence(padded: text) == nil)
        }
    }

    @Test("basis points of an amount are floored")
    func basisPoints() {
        #expect(Amount(1999).basisPoints(200) == Amount(39))
        #expect(Amount.greatest.basisPoints(10_000) == .greatest)
        #expect(Amount(99).basisPoints(5000) == Amount(49))
    }

    @Test(
        "millionths are cut from the digits, halves rounded up or away from zero",
        arguments: [
            (0.0000005, 1, 1), (-0.0000005, 0, -1), (-0.0000015, -1, -2), (4.9e-7, 0, 0), (1e-8, 0, 0),
            (-7.0, -7_000_000, -7_000_000),
            (31.52040049999, 31_520_400, 31_520_400), (89.9999995, 90_000_000, 90_000_000),
        ])
    func millionths(number: Double, up: Int64, away: Int64) throws {
        let read = try #require(Millionths(number))
        #expect(read.roundedUp == up && read.roundedAway(atMost: 1_000_000_000) == away)
    }

    @Test("millionths beyond 64 bits are none, or saturate")
    func greatMillionths() throws {
        let great = try #require(Millionths(-1e21))
        #expect(great.roundedUp == nil && great.roundedAway(atMost: 5) == -5)
        #expect(Millionths(.infinity) == nil)
    }
}
