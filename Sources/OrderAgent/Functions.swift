package import AgentKit

extension OrderAgent {
    package static func functions(_ state: OrderState) -> [Function] {
        [cashCovered(state), cashHeld(state), awaitsRefund(state), holdsCash(state), openRefundDebts(state)]
    }

    /// `cashCovered(riderId, currency, minorUnits)`: what so much cash, handed in by that rider, pays for, the oldest orders
    /// first: `orders` that are all paid with it, and the `amount` that was due.
    private static func cashCovered(_ state: OrderState) -> Function {
        nonisolated(unsafe) let state = state
        return Function(
            "cashCovered",
            [
                .init([.string, .string, .int], result: .dyn, cost: 100) { arguments in
                    guard let rider = arguments[0].stringValue, let currency = arguments[1].stringValue,
                        let units = arguments[2].intValue, units >= 0
                    else { return .failure(.invalidArgument, "a rider, a currency and minor units") }
                    let parts = unsafe state.covered(by: Amount(units), from: rider, currency)
                    let paid = parts.filter { $0.taken == $0.order.owedInCash }
                    let sum = parts.reduce(Amount.zero) { $0 + $1.taken }
                    return .map(
                        MapValue([
                            ("amount", .int(sum.minorUnits)), ("orders", .list(paid.map { .string($0.order.id) })),
                        ]))
                }
            ])
    }

    /// `awaitsRefund(userId)`: a provider was asked to pay that buyer back and has not answered.
    private static func awaitsRefund(_ state: OrderState) -> Function {
        nonisolated(unsafe) let state = state
        return Function(
            "awaitsRefund",
            [
                .init([.string], result: .bool) { arguments in
                    guard let user = arguments[0].stringValue else { return .failure(.invalidArgument, "a user") }
                    return .bool(unsafe state.refundees.contains(user))
                }
            ])
    }

    /// `holdsCash(userId)`: that person took cash and has not handed it in.
    private static func holdsCash(_ state: OrderState) -> Function {
        nonisolated(unsafe) let state = state
        return Function(
            "holdsCash",
            [
                .init([.string], result: .bool) { arguments in
                    guard let user = arguments[0].stringValue else { return .failure(.invalidArgument, "a user") }
                    return .bool(unsafe state.holdsCash(user))
                }
            ])
    }

    /// `openRefundDebts(orderId)`: the ids of what is still owed for the refund of an order, or for its return.
    private static func openRefundDebts(_ state: OrderState) -> Function {
        nonisolated(unsafe) let state = state
        return Function(
            "openRefundDebts",
            [
                .init([.string], result: .list(.string), cost: 10) { arguments in
                    guard let order = arguments[0].stringValue else { return .failure(.invalidArgument, "an order") }
                    return unsafe .list((state.orderDebts[order]?.debtIds ?? []).map { .string($0) })
                }
            ])
    }

    /// `cashHeld(before, most)`: `count` is the number of orders whose cash a rider has held since before a moment, `items` are
    /// the first of them.
    private static func cashHeld(_ state: OrderState) -> Function {
        nonisolated(unsafe) let state = state
        return Function(
            "cashHeld",
            [
                .init([.timestamp, .int], result: .dyn, cost: 1000) { arguments in
                    guard case .timestamp(let moment) = arguments[0], let most = arguments[1].intValue else {
                        return .failure(.invalidArgument, "a moment and a number")
                    }
                    let held = unsafe state.cashHeld(before: Instant(moment), most: most)
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
