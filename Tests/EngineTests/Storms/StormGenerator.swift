import EngineTestSupport
import TestSupport

/// A source of random events that refer to earlier ones: many are repeated, late, about the wrong thing or from the
/// wrong person.
struct StormGenerator {
    private var random: SeededGenerator
    private var number = 0
    private(set) var memory = StormMemory()

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// The seconds by which the clock moves before the next event; mostly 0.
    mutating func pause() -> Int {
        switch random.int(in: 1...100) {
        case ...60: 0
        case ...80: random.int(in: 1...3_600)
        case ...94: random.int(in: 3_600...86_400)
        default: random.int(in: 86_400...691_200)
        }
    }

    mutating func chance(_ times: Int) -> Bool { random.once(in: times) }
    mutating func pick<C: Collection>(_ elements: C) -> C.Element { random.pick(elements) }
    mutating func note(_ line: Bench.Line) { memory.note(line) }

    mutating func next() -> StormEvent {
        switch random.int(in: 1...100) {
        case ...12: deposit()
        case ...18: payment()
        case ...34: order()
        case ...46: provider()
        case ...60: delivery()
        case ...70: complaint()
        case ...76: service()
        case ...84: payout()
        case ...90: dispute()
        case ...95: administrator()
        default: rest()
        }
    }

    private mutating func id(_ prefix: String) -> String {
        number += 1
        return prefix + "-\(number)"
    }

    private mutating func person() -> String { random.once(in: 12) ? "U-nobody" : random.pick(StormWorld.people) }
    private mutating func amount() -> Int { random.pick([0, 1, 7, 9_999, 10_000, 250_000, 3_000_000, 40_000_000]) }
    private mutating func some(_ known: [String], _ prefix: String) -> String {
        random.once(in: 15) ? id(prefix + "-unknown") : known.randomElement(using: &random) ?? prefix + "-none"
    }

    private mutating func deposit() -> StormEvent {
        let depositId = random.once(in: 6) ? some(memory.deposits, "D") : id("D")
        memory.deposits.append(depositId)
        return StormWorld.event(
            "wallet.deposited",
            [
                "depositId": depositId, "userId": person(), "amount": max(1, amount()),
                "currency": random.pick(["PKR", "PKR", "PKR", "USD"]),
                "provider": random.pick(["bank", "card"]),
            ])
    }

    private mutating func payment() -> StormEvent {
        if random.once(in: 3) {
            let payments = (1...random.int(in: 1...5)).map { _ in
                #"{"from":"\#(person())","to":"\#(person())","amount":\#(amount() / 100)}"#
            }
            return StormWorld.event(
                "wallet.payments.requested",
                [
                    "batchId": id("B"), "currency": "PKR",
                    "payments": StormWorld.Raw(json: "[" + payments.joined(separator: ",") + "]"),
                ])
        }
        return StormWorld.event(
            "wallet.payment.requested",
            [
                "paymentId": id("PAY"), "fromUserId": person(), "toUserId": person(), "amount": amount(),
                "currency": "PKR",
            ])
    }

    private mutating func order() -> StormEvent {
        let product = random.pick(StormWorld.products)
        let method = random.pick(["wallet", "wallet", "card", "bank", "crypto", "cash"])
        let orderId = id("O")
        let quantity = random.int(in: 1...3)
        let placed = StormMemory.Placed(
            id: orderId, method: method, amount: product.price * quantity, currency: product.currency)
        memory.orders.append(placed)
        return StormWorld.event(
            "order.placed",
            [
                "orderId": orderId, "buyerId": random.once(in: 12) ? product.seller : random.pick(StormWorld.buyers),
                "sellerId": product.seller, "productId": product.id, "quantity": quantity, "amount": placed.amount,
                "currency": product.currency, "paymentMethod": method, "area": "gulberg",
                "delivery": random.pick(["franchise", "franchise", "franchise", "self", "digital"]),
                "deliveryFee": random.once(in: 2) ? random.pick([0, 5_000, 299_999]) : nil,
            ])
    }

    /// An event from a payment provider.
    private mutating func provider() -> StormEvent {
        let order = memory.orders.suffix(5).randomElement(using: &random)
        switch random.int(in: 1...8) {
        case 1:
            return StormWorld.event(
                "payment.failed",
                [
                    "orderId": order?.id ?? "O-none", "provider": random.pick(["card", "bank"]), "reason": "declined",
                    "attempt": random.once(in: 2) ? random.int(in: 1...3) : nil,
                ])
        case 2:
            return StormWorld.event(
                "order.payment.retried",
                ["orderId": order?.id ?? "O-none", "paymentMethod": random.pick(["wallet", "card", "bank"])])
        case 3:
            return StormWorld.event(
                "payment.refunded", ["refundId": some(memory.refunds, "R"), "reference": "ref"])
        case 4:
            return StormWorld.event(
                "payment.refund.failed", ["refundId": some(memory.refunds, "R"), "reason": "closed"])
        default:
            let reference = random.once(in: 5) ? some(memory.references, "REF") : id("REF")
            memory.references.append(reference)
            let asked = memory.totals[order?.id ?? ""] ?? order?.amount ?? 1_000
            return StormWorld.event(
                "payment.authorized",
                [
                    "orderId": random.once(in: 8) ? "O-\(number + random.int(in: 1...6))" : order?.id ?? "O-1",
                    "provider": order.map { $0.method == "bank" ? "bank" : "card" } ?? "card", "reference": reference,
                    "amount": random.once(in: 6) ? asked + 1 : asked, "currency": order?.currency ?? "PKR",
                    "attempt": random.once(in: 4) ? random.int(in: 1...3) : nil,
                ])
        }
    }

    private mutating func delivery() -> StormEvent {
        let orderId = some(memory.orders.suffix(8).map(\.id), "O")
        switch random.int(in: 1...14) {
        case ...4:
            return StormWorld.event(
                "order.dispatched",
                ["orderId": orderId, "riderId": random.once(in: 3) ? nil : random.pick(StormWorld.riders)])
        case ...7: return StormWorld.event("order.delivered", ["orderId": orderId])
        case 8: return StormWorld.event("order.completed", ["orderId": orderId])
        case 9:
            return StormWorld.event(
                "order.cancelled",
                ["orderId": orderId, "by": random.pick(["buyer", "seller", "admin"]), "reason": "change"])
        case 10: return StormWorld.event("order.rated", ["orderId": orderId, "stars": random.int(in: 0...6)])
        default: return cash()
        }
    }

    private mutating func cash() -> StormEvent {
        let orders = memory.takers.keys.sorted()
        let orderId = orders.isEmpty || random.once(in: 10) ? some(memory.orders.map(\.id), "O") : random.pick(orders)
        let total = memory.totals[orderId] ?? 10_000
        let taker =
            random.once(in: 6) ? random.pick(StormWorld.riders) : memory.takers[orderId] ?? StormWorld.sellers[0]
        guard random.once(in: 2) else {
            return StormWorld.event(
                "cash.collected",
                [
                    "orderId": orderId, "riderId": taker, "amount": random.once(in: 8) ? total + 1 : total,
                    "currency": "PKR",
                ])
        }
        return StormWorld.event(
            "cash.remitted",
            [
                "remittanceId": id("REM"), "riderId": taker, "amount": random.pick([1, 5_000, total, 2 * total]),
                "currency": "PKR", "provider": "bank",
            ])
    }

    private mutating func complaint() -> StormEvent {
        if random.once(in: 2) {
            let complaintId = id("C")
            memory.complaints.append(complaintId)
            let isService = random.once(in: 4)
            return StormWorld.event(
                "complaint.submitted",
                [
                    "complaintId": complaintId, "orderId": isService ? nil : some(memory.orders.map(\.id), "O"),
                    "requestId": isService ? some(memory.requests, "Q") : nil, "userId": random.pick(StormWorld.buyers),
                    "kind": random.pick(["damaged", "not_delivered", "no_response"]), "description": "x",
                ])
        }
        let outcome = random.pick(["refund", "partial", "rejected"])
        return StormWorld.event(
            "complaint.resolved",
            [
                "complaintId": some(memory.complaints, "C"), "outcome": outcome,
                "refundAmount": outcome == "partial" ? random.pick([0, 1, 500, 9_999]) : nil, "by": "desk",
            ])
    }

    private mutating func service() -> StormEvent {
        switch random.int(in: 1...6) {
        case ...2:
            let requestId = id("Q")
            memory.requests.append(requestId)
            return StormWorld.event(
                "service.requested",
                [
                    "requestId": requestId, "serviceId": "S-1",
                    "userId": random.pick(StormWorld.buyers + [StormWorld.provider]),
                ])
        case 3: return StormWorld.event("service.delivered", ["requestId": some(memory.requests, "Q")])
        case 4: return StormWorld.event("service.failed", ["requestId": some(memory.requests, "Q"), "reason": "down"])
        case 5:
            return StormWorld.event("service.called", ["callId": id("CALL"), "licenseId": some(memory.licenses, "L")])
        default:
            let requestId = some(memory.requests, "Q")
            let customer = random.once(in: 4) ? person() : memory.customers[requestId] ?? person()
            return StormWorld.event(
                "quality.reported",
                [
                    "reportId": id("QR"), "serviceId": "S-1", "requestId": requestId, "userId": customer,
                    "score": random.pick([0, 0, 20, 90, 101]),
                ])
        }
    }

    private mutating func payout() -> StormEvent {
        switch random.int(in: 1...8) {
        case ...3:
            let withdrawalId = id("W")
            memory.withdrawals.append(withdrawalId)
            return StormWorld.event(
                "wallet.withdrawal.requested",
                ["withdrawalId": withdrawalId, "userId": person(), "amount": amount(), "currency": "PKR"])
        case 4: return StormWorld.event("payout.completed", ["withdrawalId": some(memory.withdrawals, "W")])
        case 5:
            return StormWorld.event(
                "payout.failed", ["withdrawalId": some(memory.withdrawals, "W"), "reason": "closed"])
        case 6: return StormWorld.event("payout.returned", ["withdrawalId": some(memory.withdrawals, "W")])
        case 7:
            let lockId = id("L")
            memory.locks.append(lockId)
            return StormWorld.event(
                "coins.lock.requested",
                [
                    "lockId": lockId, "userId": person(), "amount": 100, "currency": "EHBGC",
                    "months": random.pick([12, 13]),
                ])
        default: return StormWorld.event("coins.unlock.requested", ["lockId": some(memory.locks, "L")])
        }
    }

    mutating func dispute() -> StormEvent {
        if random.once(in: 2) || memory.disputes.isEmpty {
            let disputeId = id("DIS")
            memory.disputes.append(disputeId)
            let isDeposit = random.once(in: 3)
            return StormWorld.event(
                "payment.disputed",
                [
                    "disputeId": disputeId, "provider": random.pick(["card", "bank"]),
                    "reference": isDeposit ? some(memory.deposits, "D") : some(memory.references, "REF"),
                    "amount": random.pick([1, 5_000, 10_000, 250_000]), "currency": "PKR",
                ])
        }
        return StormWorld.event(
            "payment.dispute.closed",
            ["disputeId": some(memory.disputes, "DIS"), "outcome": random.pick(["won", "lost"])])
    }

    private mutating func administrator() -> StormEvent {
        if random.once(in: 3), let pending = memory.pending.randomElement(using: &random) {
            return StormWorld.event(
                "admin.override.approved", ["override": pending], by: random.pick(["local", "second"]))
        }
        let closed = memory.closed.randomElement(using: &random)
        let emit: String
        if let closed, random.once(in: 2) {
            let outcome = random.pick(["refund", "rejected", "partial"])
            emit =
                #"[{"type":"complaint.closed","subject":"\#(closed.id)","data":{"complaintId":"\#(closed.id)","orderId":"\#(random.once(in: 8) ? "O-1" : closed.orderId)","outcome":"\#(outcome)","refundAmount":\#(outcome == "partial" ? 100 : 0)}}]"#
        } else {
            emit =
                #"[{"type":"transfer.requested","data":{"purpose":"bonus","reference":"x","transfers":[{"debitAccount":"platform/rewards/PKR","creditAccount":"wallet/\#(random.pick(StormWorld.buyers))/PKR","amount":\#(random.pick([100, 9_999_999, 20_000_000])),"currency":"PKR"}]}}]"#
        }
        return StormWorld.event(
            "admin.override",
            [
                "overrideId": id("OV"), "corrects": memory.last, "because": "a mistake",
                "emit": StormWorld.Raw(json: emit),
            ])
    }

    private mutating func rest() -> StormEvent {
        switch random.int(in: 1...5) {
        case 1:
            return StormWorld.event(
                "area.sold",
                [
                    "saleId": id("SALE"), "franchiseId": random.pick(StormWorld.franchises),
                    "buyerId": random.pick([StormWorld.investor, StormWorld.owners[0]]),
                    "price": random.pick([0, 100_000]),
                    "currency": "PKR",
                ])
        case 2:
            return StormWorld.event(
                "erasure.requested", ["requestId": id("E"), "userId": random.pick(["U-b3", "U-nobody"])])
        case 3:
            return StormWorld.event(
                "user.registered",
                [
                    "userId": random.pick(StormWorld.buyers), "role": "buyer", "area": "lahore",
                    "level": random.pick(["vip", "free"]),
                ])
        case 4:
            return StormWorld.event(
                "product.stock.adjusted",
                [
                    "productId": random.pick(["P-1", "P-none"]), "delta": random.int(in: -5...5),
                    "adjustmentId": id("ADJ"),
                ])
        default:
            return StormWorld.event(
                "verification.requested",
                [
                    "requestId": id("V"), "userId": person(), "kind": "kyc",
                    "documents": StormWorld.Raw(json: #"[{"type":"passport","hash":"ab"}]"#),
                ])
        }
    }
}
