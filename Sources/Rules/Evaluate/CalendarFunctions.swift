import AgentKit

extension Calendar {
    /// `monthsAfter(moment, months)`: the same time of day so many months later in the calendar's zone, on the month's last day where
    /// it has no such day.
    var monthsAfter: Function {
        Function(
            "monthsAfter",
            [
                Function.Overload([.timestamp, .int], result: .timestamp) { arguments in
                    guard case .timestamp(let from) = arguments[0], let months = arguments[1].intValue,
                        let later = later(Instant(from), months: months)
                    else { return .failure(.overflow, "a moment outside the years 1 to 9999") }
                    return .timestamp(Timestamp(later))
                }
            ])
    }
}
