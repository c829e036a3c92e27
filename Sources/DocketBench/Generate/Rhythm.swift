/// When in a day people are about.
enum Rhythm {
    /// How much of a day happens in each hour, in thousandths of the day.
    private static let hours = [
        12, 8, 5, 4, 5, 10, 20, 30, 40, 48, 54, 58, 60, 56, 54, 56, 60, 64, 70, 76, 78, 66, 42, 24,
    ]

    /// How often something happens in an hour of the day.
    /// - Parameter perDay: how often it happens on average in a thousand days of one person.
    static func count(_ perDay: Int, of people: Int, hour: Int, _ random: inout SeededRandom) -> Int {
        let expected = perDay * people * hours[hour % 24]
        return expected / 1_000_000 + (random.next(below: 1_000_000) < expected % 1_000_000 ? 1 : 0)
    }
}
