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

/// The ties that are followed upward to see whether they form a circle.
let tiesMax = 1_000

extension FranchiseAgent {
    /// `areasAbove(area)`: the areas that it lies in, the nearest first; at most `tiesMax`.
    static func areasAbove(_ state: FranchiseState) -> Function {
        nonisolated(unsafe) let state = state
        return ties("areasAbove") { unsafe state.areas[$0]?.parent }
    }

    /// `franchisesAbove(franchise)`: those that it stands under, the nearest first; at most `tiesMax`. The last may not
    /// be registered yet.
    static func franchisesAbove(_ state: FranchiseState) -> Function {
        nonisolated(unsafe) let state = state
        return ties("franchisesAbove") { unsafe state.franchises[$0]?.parentId }
    }

    private static func ties(_ name: String, _ parent: @escaping @Sendable (String) -> String?) -> Function {
        Function(
            name,
            [
                .init([.string], result: .list(.string), cost: 10) { arguments in
                    guard let below = arguments[0].stringValue else { return .failure(.invalidArgument, "an id") }
                    var above: [String] = []
                    var next = parent(below)
                    while let id = next, above.count < tiesMax, id != below, arguments.charge(1) {
                        above.append(id)
                        next = parent(id)
                    }
                    return .list(above.map(Value.string))
                }
            ])
    }
}

extension FranchiseAgent {
    /// `performance(franchiseId, days)`: what counts for its rating on that many days before the last midnight; at most
    /// 31.
    static func performance(_ state: FranchiseState) -> Function {
        nonisolated(unsafe) let state = state
        return Function(
            "performance",
            [
                .init([.string, .int], result: .map(.string, .int), cost: 50) { arguments in
                    guard let id = arguments[0].stringValue, let days = arguments[1].intValue else {
                        return .failure(.invalidArgument, "a franchise and a number of days")
                    }
                    let sum = unsafe state.performance(id, days: days)
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
