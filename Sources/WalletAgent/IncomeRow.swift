package import AgentKit

/// What was released to one account on one day (UTC), release by release; its key is the account's path and the day.
package struct IncomeRow: Row {
    package var total = Amount.zero
    package var times: [Instant] = []
    package var amounts: [Amount] = []

    package init() {}

    package static let name = "income"
    package static let fields: RowFields<IncomeRow> = [
        .init("total", \.total), .init("times", \.times), .init("amounts", \.amounts),
    ]

    package mutating func add(_ amount: Amount, at time: Instant) {
        total += amount
        if times.last == time {
            amounts[amounts.count - 1] += amount
        } else {
            times.append(time)
            amounts.append(amount)
        }
    }

    /// Released after that moment.
    package func sum(after time: Instant) -> Amount {
        var sum = Amount.zero
        for index in times.indices.reversed() where times[index] > time { sum += amounts[index] }
        return sum
    }

    static let millisecondsPerDay: Int64 = 86_400_000

    static func day(of time: Instant) -> Int64 { time.milliseconds.floorDivided(by: millisecondsPerDay) }

    static func key(_ account: String, day: Int64) -> String { account + "/" + String(day) }
}
