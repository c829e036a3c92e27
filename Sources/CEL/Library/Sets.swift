/// The functions of the `sets` extension: lists taken as sets.
enum Sets {
    private static func elements(_ a: Value, _ b: Value, _ activation: Activation) -> Result<([Value], [Value]), Stop> {
        guard let first = a.listCount, let second = b.listCount else { return .failure(Stop(value: .noOverload)) }
        let (cost, overflow) = UInt64(first).multipliedReportingOverflow(by: UInt64(second))
        guard !overflow, activation.charge(cost / 4 + 1) else { return .failure(Stop(value: .costPassed)) }
        var x: [Value] = []
        var y: [Value] = []
        a.appendElements(to: &x)
        b.appendElements(to: &y)
        return .success((x, y))
    }

    private struct Stop: Error { let value: Value }

    private static func decide(
        _ a: Value, _ b: Value, _ activation: Activation, _ body: ([Value], [Value]) -> Bool
    ) -> Value {
        switch elements(a, b, activation) {
        case .success(let (x, y)): .bool(body(x, y))
        case .failure(let stop): stop.value
        }
    }

    static func contains(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        decide(a, b, activation) { x, y in y.allSatisfy(x.contains) }
    }

    static func equivalent(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        decide(a, b, activation) { x, y in y.allSatisfy(x.contains) && x.allSatisfy(y.contains) }
    }

    static func intersects(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        decide(a, b, activation) { x, y in y.contains { x.contains($0) } }
    }
}
