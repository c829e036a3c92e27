package import AgentKit

extension OrderAgent {
    /// The functions about cash, refunds and debts that rules may call.
    package static func functions(_ state: OrderState) -> [Function] {
        [
            cashCovered(state), cashHeld(state),
            // True while a provider that was asked to pay the buyer back has not answered.
            predicate("awaitsRefund") { state.refundees.contains($0) },
            // True while the person has collected cash and not handed it in.
            predicate("holdsCash") { state.holdsCash($0) },
            openRefundDebts(state),
        ]
    }

    /// `cashCovered(riderId, currency, minorUnits)`: the claims that cash handed in by a rider pays, oldest order
    /// first: `orders`, the ids of those paid in full, and `amount`, the sum applied to them and to the one paid in
    /// part.
    private static func cashCovered(_ state: OrderState) -> Function {
        Function(
            "cashCovered",
            [
                .init([.string, .string, .int], result: .dyn, cost: 100) { arguments in
                    guard let rider = arguments[0].stringValue, let currency = arguments[1].stringValue,
                        let units = arguments[2].intValue, units >= 0
                    else { return .failure(.invalidArgument, "a rider, a currency and minor units") }
                    let parts = state.covered(by: Amount(units), from: rider, currency)
                    let paid = parts.filter { $0.taken == $0.order.owedInCash }
                    let sum = parts.reduce(Amount.zero) { $0 + $1.taken }
                    return .map(
                        MapValue([
                            ("amount", .int(sum.minorUnits)), ("orders", .list(paid.map { .string($0.order.id) })),
                        ]))
                }
            ])
    }

    /// `name(userId)`: a statement about a user.
    private static func predicate(_ name: String, _ body: @escaping @Sendable (String) -> Bool) -> Function {
        Function(
            name,
            [
                .init([.string], result: .bool) { arguments in
                    guard let user = arguments[0].stringValue else { return .failure(.invalidArgument, "a user") }
                    return .bool(body(user))
                }
            ])
    }

    /// `openRefundDebts(orderId)`: the ids of the debts still open for an order's refund or its return.
    private static func openRefundDebts(_ state: OrderState) -> Function {
        Function(
            "openRefundDebts",
            [
                .init([.string], result: .list(.string), cost: 10) { arguments in
                    guard let order = arguments[0].stringValue else { return .failure(.invalidArgument, "an order") }
                    return .list((state.orderDebts[order]?.debtIds ?? []).map { .string($0) })
                }
            ])
    }

    /// `cashHeld(before, most)`: `count`, the number of orders whose cash a rider has held since before a moment, and
    /// `items`, the first `most` of them.
    private static func cashHeld(_ state: OrderState) -> Function {
        Function(
            "cashHeld",
            [
                .init([.timestamp, .int], result: .dyn, cost: 1000) { arguments in
                    guard case .timestamp(let moment) = arguments[0], let most = arguments[1].intValue else {
                        return .failure(.invalidArgument, "a moment and a number")
                    }
                    let held = state.cashHeld(before: Instant(moment), most: most)
                    let items = held.orders.map { order in
                        Value.map(
                            MapValue([
                                ("orderId", .string(order.id)), ("riderId", .string(order.collectedBy ?? "")),
                                ("amount", .int(order.owedInCash.minorUnits)), ("currency", .string(order.currency)),
                            ]))
                    }
                    return .map(MapValue([("count", .int(held.count)), ("items", .list(items))]))
                }
            ])
    }
}
