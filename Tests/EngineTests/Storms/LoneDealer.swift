import TestSupport

/// Somebody who buys from, pays, complains about, reports on and recommends nobody but themselves.
struct LoneDealer {
    /// Minor units that came from a bank.
    private(set) var paidIn: Int64 = 0
    private var number = 0
    private var orders: [String] = []
    private var requests: [String] = []

    mutating func next(_ random: inout SeededGenerator) -> StormEvent {
        number += 1
        let me = StormWorld.loner
        let order = orders.randomElement(using: &random) ?? "O-none"
        let request = requests.randomElement(using: &random) ?? "Q-none"
        switch random.int(in: 1...13) {
        case 1:
            paidIn += 10_000
            return StormWorld.event(
                "wallet.deposited",
                ["depositId": "D-\(number)", "userId": me, "amount": 10_000, "currency": "PKR", "provider": "bank"])
        case 2, 3:
            orders.append("O-\(number)")
            return StormWorld.event(
                "order.placed",
                [
                    "orderId": "O-\(number)", "buyerId": me, "sellerId": me, "productId": "P-loner", "quantity": 1,
                    "amount": 3_000, "currency": "PKR", "paymentMethod": random.pick(["wallet", "cash"]),
                    "area": "gulberg", "delivery": "self", "deliveryFee": 5_000,
                ])
        case 4: return StormWorld.event("order.dispatched", ["orderId": order, "riderId": me])
        case 5: return StormWorld.event("order.delivered", ["orderId": order])
        case 6:
            return StormWorld.event(
                "complaint.submitted",
                ["complaintId": "C-\(number)", "orderId": order, "userId": me, "kind": "damaged", "description": "x"])
        case 7:
            return StormWorld.event(
                "wallet.payment.requested",
                ["paymentId": "P-\(number)", "fromUserId": me, "toUserId": me, "amount": 500, "currency": "PKR"])
        case 8:
            requests.append("Q-\(number)")
            return StormWorld.event(
                "service.requested", ["requestId": "Q-\(number)", "serviceId": "S-loner", "userId": me])
        case 9: return StormWorld.event("service.delivered", ["requestId": request])
        case 10:
            return StormWorld.event(
                "quality.reported",
                ["reportId": "R-\(number)", "serviceId": "S-loner", "requestId": request, "userId": me, "score": 0])
        case 11:
            return StormWorld.event(
                "cash.collected",
                ["orderId": order, "riderId": me, "amount": 3_000, "currency": "PKR"])
        case 12:
            return StormWorld.event(
                "user.registered",
                ["userId": "U-made-\(number)", "role": "buyer", "area": "gulberg", "referredBy": me])
        default:
            return StormWorld.event(
                "user.registered",
                ["userId": me, "role": "seller", "area": "gulberg", "level": "vip", "referredBy": me])
        }
    }
}
