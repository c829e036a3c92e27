package import AgentKit

/// What of an account's money is not surely old, by the moment from which it counts, oldest first; its key is the account's
/// path, or the id of a pending transfer that holds it.
package struct AgeRow: Row {
    package var times: [Instant] = []
    package var amounts: [Amount] = []

    package init() {}

    package static let name = "age"
    package static let fields: RowFields<AgeRow> = [.init("times", \.times), .init("amounts", \.amounts)]
}

extension AgeRow {
    /// More are not kept apart: of more the two oldest count from the moment of the younger.
    static let lotsMax = 1024

    init(_ amount: Amount, since time: Instant) {
        times = [time]
        amounts = [amount]
    }

    var total: Total { amounts.reduce(.zero) { $0 + $1 } }

    /// What came after that moment.
    func sum(after time: Instant) -> Total {
        var sum = Total.zero
        for index in times.indices.reversed() {
            if times[index] <= time { break }
            sum += amounts[index]
        }
        return sum
    }

    /// Adds what another holds, each part at its place.
    mutating func add(_ other: AgeRow) {
        for (time, amount) in zip(other.times, other.amounts) { add(amount, since: time) }
        while times.count > Self.lotsMax {
            amounts[1] = (Total(amounts[0]) + amounts[1]).saturated
            times.removeFirst()
            amounts.removeFirst()
        }
    }

    private mutating func add(_ amount: Amount, since time: Instant) {
        var place = times.count
        while place > 0, times[place - 1] > time { place -= 1 }
        if place > 0, times[place - 1] == time, let sum = (Total(amounts[place - 1]) + amount).exact {
            amounts[place - 1] = sum
        } else {
            times.insert(time, at: place)
            amounts.insert(amount, at: place)
        }
    }

    /// Takes the oldest out of it, at most so much.
    mutating func take(_ amount: Amount) -> AgeRow {
        var taken = AgeRow(), left = amount, whole = 0
        for index in times.indices where left > .zero {
            let part = min(left, amounts[index])
            taken.times.append(times[index])
            taken.amounts.append(part)
            left -= part
            if part == amounts[index] { whole = index + 1 } else { amounts[index] -= part }
        }
        times.removeFirst(whole)
        amounts.removeFirst(whole)
        return taken
    }

    /// Forgets what came before that moment: it is old.
    mutating func forget(before time: Instant) {
        let first = times.firstIndex { $0 >= time } ?? times.count
        times.removeFirst(first)
        amounts.removeFirst(first)
    }
}
