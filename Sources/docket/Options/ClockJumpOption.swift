import ArgumentParser

/// By how much the system's clock may be set: `90s`, `5m`, `2h`, `1d`, whole seconds without a unit, or `none` for any.
struct ClockJumpOption: ExpressibleByArgument {
    /// Nil is any.
    let milliseconds: Int64?

    private static let millisecondsByUnit: [Character: Int64] = [
        "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]
    private static let daysMax: Int64 = 36_500

    init?(argument: String) {
        guard argument != "none" else {
            milliseconds = nil
            return
        }
        let unit = argument.last.flatMap { Self.millisecondsByUnit[$0] }
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(digits), number > 0
        else { return nil }
        let (product, isOver) = number.multipliedReportingOverflow(by: unit ?? 1000)
        guard !isOver, product <= Self.daysMax * 86_400_000 else { return nil }
        milliseconds = product
    }
}
