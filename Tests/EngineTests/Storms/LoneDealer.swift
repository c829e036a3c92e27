import EngineTestSupport
import TestSupport

/// One person with three accounts, which trade with, pay, complain about, report on, dispute and recommend only one
/// another, while an administrator who believes each of them in turn corrects the outcomes.
struct LoneDealer {
    private static let price = 600_000
    private static let people = StormWorld.loners
    /// The seller, the buyer and the rider.
    private static let seller = people[0], buyer = people[1], rider = people[2]

    private var memory = StormMemory()
    private var number = 0
    private var orders: [String] = []
    private var requests: [String] = []
    private var complaints: [(id: String, about: String)] = []
    private var withdrawals: [String] = []
    private var disputes: [String] = []
    private var references: [(provider: String, reference: String)] = []

    mutating func note(_ line: Bench.Line) { memory.note(line) }

    mutating func next(_ random: inout SeededGenerator) -> StormEvent {
        number += 1
        return switch random.int(in: 1...12) {
        case 1: deposit(&random)
        case 2, 3: order(&random)
        case 4, 5, 6: progress(&random)
        case 7: complain(&random)
        case 8, 9: correct(&random)
        case 10: service(&random)
        case 11: money(&random)
        default: dispute(&random)
        }
    }

    /// Every dispute ends.
    func endings(_ random: inout SeededGenerator) -> [StormEvent] {
        disputes.map {
            StormWorld.event("payment.dispute.closed", ["disputeId": $0, "outcome": random.pick(["won", "lost"])])
        }
    }

    private mutating func deposit(_ random: inout SeededGenerator) -> StormEvent {
        let provider = random.pick(["bank", "card"])
        references.append((provider, "D-\(number)"))
        return StormWorld.event(
            "wallet.deposited",
            [
                "depositId": "D-\(number)", "userId": random.pick(Self.people), "amount": 700_000, "currency": "PKR",
                "provider": provider,
            ])
    }

    private mutating func order(_ random: inout SeededGenerator) -> StormEvent {
        orders.append("O-\(number)")
        return StormWorld.event(
            "order.placed",
            [
                "orderId": "O-\(number)", "buyerId": random.once(in: 5) ? Self.rider : Self.buyer,
                "sellerId": Self.seller, "productId": "P-loner", "quantity": 1, "amount": Self.price,
                "currency": "PKR", "paymentMethod": random.pick(["wallet", "wallet", "cash", "card"]),
                "area": "gulberg", "delivery": random.pick(["self", "franchise"]), "deliveryFee": 5_000,
            ])
    }

    /// Mostly of the last order: what was begun is to come to its end.
    private mutating func progress(_ random: inout SeededGenerator) -> StormEvent {
        let order =
            random.once(in: 3) ? orders.randomElement(using: &random) ?? "O-none" : orders.last ?? "O-none"
        let total = memory.totals[order] ?? Self.price
        let taker = memory.takers[order] ?? Self.seller
        switch random.int(in: 1...9) {
        case 1: return StormWorld.event("order.dispatched", ["orderId": order, "riderId": Self.rider])
        case 2, 3: return StormWorld.event("order.delivered", ["orderId": order])
        case 4, 5: return StormWorld.event("order.completed", ["orderId": order])
        case 6:
            references.append(("card", "A-\(number)"))
            return StormWorld.event(
                "payment.authorized",
                [
                    "orderId": order, "provider": "card", "reference": "A-\(number)", "amount": total,
                    "currency": "PKR",
                ])
        case 7:
            return StormWorld.event(
                "cash.collected", ["orderId": order, "riderId": taker, "amount": total, "currency": "PKR"])
        case 8:
            return StormWorld.event(
                "cash.remitted",
                [
                    "remittanceId": "M-\(number)", "riderId": taker, "amount": random.pick([200_000, total]),
                    "currency": "PKR", "provider": "bank",
                ])
        default:
            return StormWorld.event(
                "order.cancelled", ["orderId": order, "by": random.pick(["buyer", "seller"]), "reason": "x"])
        }
    }

    private mutating func complain(_ random: inout SeededGenerator) -> StormEvent {
        if let complaint = complaints.last, random.once(in: 2) {
            let outcome = random.pick(["refund", "partial", "rejected"])
            return StormWorld.event(
                "complaint.resolved",
                [
                    "complaintId": complaint.id, "outcome": outcome,
                    "refundAmount": outcome == "partial" ? random.pick([1, 2_000, 250_000]) : nil, "by": "desk",
                ])
        }
        let isService = random.once(in: 4)
        let about = (isService ? requests.last : orders.last) ?? "none"
        complaints.append(("C-\(number)", (isService ? #""requestId":""# : #""orderId":""#) + about + #"""#))
        return StormWorld.event(
            "complaint.submitted",
            [
                "complaintId": "C-\(number)", "orderId": isService ? nil : about,
                "requestId": isService ? about : nil, "userId": Self.buyer,
                "kind": random.pick(["damaged", "not_delivered"]), "description": "x",
            ])
    }

    private mutating func correct(_ random: inout SeededGenerator) -> StormEvent {
        if let pending = memory.pending.last, random.once(in: 3) {
            return StormWorld.event("admin.override.approved", ["override": pending], by: "second")
        }
        guard let (id, about) = random.once(in: 3) ? complaints.randomElement(using: &random) : complaints.last else {
            return deposit(&random)
        }
        let outcome = random.pick(["refund", "rejected", "partial", "unresolved"])
        let amount = ["partial": random.pick([1, 2_000, 250_000]), "rejected": 0][outcome] ?? Self.price
        return StormWorld.event(
            "admin.override",
            [
                "overrideId": "OV-\(number)", "corrects": memory.last, "because": "believed",
                "emit": StormWorld.Raw(
                    json:
                        #"[{"type":"complaint.closed","subject":"\#(id)","data":{"complaintId":"\#(id)",\#(about),"outcome":"\#(outcome)","refundAmount":\#(amount)}}]"#
                ),
            ])
    }

    private mutating func service(_ random: inout SeededGenerator) -> StormEvent {
        let request = requests.last ?? "Q-none"
        switch random.int(in: 1...5) {
        case ...2:
            requests.append("Q-\(number)")
            return StormWorld.event(
                "service.requested", ["requestId": "Q-\(number)", "serviceId": "S-loner", "userId": Self.buyer])
        case 3: return StormWorld.event("service.delivered", ["requestId": request])
        case 4: return StormWorld.event("service.failed", ["requestId": request, "reason": "x"])
        default:
            return StormWorld.event(
                "quality.reported",
                [
                    "reportId": "R-\(number)", "serviceId": "S-loner", "requestId": request, "userId": Self.buyer,
                    "score": 0,
                ])
        }
    }

    /// Payments between them, and withdrawals.
    private mutating func money(_ random: inout SeededGenerator) -> StormEvent {
        switch random.int(in: 1...5) {
        case ...2:
            return StormWorld.event(
                "wallet.payment.requested",
                [
                    "paymentId": "P-\(number)", "fromUserId": random.pick(Self.people),
                    "toUserId": random.pick(Self.people), "amount": random.pick([500, 100_000, 510_000]),
                    "currency": "PKR",
                ])
        case 3:
            withdrawals.append("W-\(number)")
            return StormWorld.event(
                "wallet.withdrawal.requested",
                [
                    "withdrawalId": "W-\(number)", "userId": random.pick(Self.people),
                    "amount": random.pick([10_000, 500_000]), "currency": "PKR",
                ])
        case 4: return StormWorld.event("payout.completed", ["withdrawalId": withdrawals.last ?? "W-none"])
        default:
            let isPaid = random.once(in: 2)
            return StormWorld.event(
                isPaid ? "payment.refunded" : "payment.refund.failed",
                ["refundId": memory.refunds.last ?? "F-none", "reason": isPaid ? nil : "x"])
        }
    }

    private mutating func dispute(_ random: inout SeededGenerator) -> StormEvent {
        if let dispute = disputes.last, random.once(in: 2) {
            return StormWorld.event(
                "payment.dispute.closed", ["disputeId": dispute, "outcome": random.pick(["won", "lost"])])
        }
        disputes.append("X-\(number)")
        let (provider, reference) = references.randomElement(using: &random) ?? ("card", "none")
        return StormWorld.event(
            "payment.disputed",
            [
                "disputeId": "X-\(number)", "provider": provider, "reference": reference,
                "amount": random.pick([4_000, 300_000, Self.price]), "currency": "PKR",
            ])
    }
}
