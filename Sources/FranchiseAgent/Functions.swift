import AgentKit

/// The levels of the area tree that a look-up climbs, which also ends it where areas form a circle.
let areaDepthMax = 64

extension FranchiseAgent {
    /// `franchiseFor(area, tier)`: the franchise of that tier for the area or its nearest ancestor that has one.
    static func franchiseFor(_ state: FranchiseState) -> Function {
        nonisolated(unsafe) let state = state
        return Function(
            "franchiseFor",
            [
                .init([.string, .string], result: .optional(.string), cost: 10) { arguments in
                    guard let area = arguments[0].stringValue, let tier = arguments[1].stringValue,
                        let franchise = unsafe state.franchise(for: area, tier: tier)
                    else { return .none }
                    return .some(.string(franchise))
                }
            ])
    }
}

extension FranchiseAgent {
    /// `performance(franchiseId, from, to)`: what counts for its rating on the days (UTC) after that of `from` up to that
    /// of `to`; at most the last 32 days.
    static func performance(_ state: FranchiseState) -> Function {
        nonisolated(unsafe) let state = state
        return Function(
            "performance",
            [
                .init([.string, .timestamp, .timestamp], result: .map(.string, .int), cost: 50) { arguments in
                    guard let id = arguments[0].stringValue, case .timestamp(let from) = arguments[1],
                        case .timestamp(let to) = arguments[2]
                    else { return .failure(.invalidArgument, "a franchise and two moments") }
                    let sum = unsafe state.performance(id, from: Instant(from), to: Instant(to))
                    return .map(
                        MapValue(
                            sortedKeys: ["complaints", "fines", "orders", "unresolved"].map(Value.string),
                            values: [sum.complaints, sum.fines, sum.orders, sum.unresolved].map(Value.int)))
                }
            ])
    }
}

extension FranchiseState {
    /// The id of the franchise that serves `area` at `tier`; nil where no area on the way to the root has one.
    package func franchise(for area: String, tier: String) -> String? {
        var area = area
        for _ in 0..<areaDepthMax {
            if let first = seats[Seat.key(area, tier)]?.franchiseIds.first { return first }
            guard let parent = areas[area]?.parent else { return nil }
            area = parent
        }
        return nil
    }
}
