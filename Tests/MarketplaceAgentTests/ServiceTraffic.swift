import AgentKit
import EngineTestSupport
import TestSupport

/// Random events about AI services and franchises, many of them invalid: ids are reused, failed requests delivered, and
/// wallets run dry.
struct ServiceTraffic {
    private let bench: Bench
    private var random: SeededGenerator
    private var requests = 0
    /// The requests sent so far.
    private var asked: [(id: String, service: String, user: String)] = []
    private var facts = 0
    private var orders = 0
    private var hours: Int64 = 0

    /// The users, enough for five of them to report on a service before three reports have it suspended.
    private static let users = (1...15).map { "U-\($0)" } + ["U-rich"]
    private static let services = ["S-call", "S-month", "S-both", "S-free"]
    private static let franchises = ["F-sub", "F-master"]

    init(_ bench: Bench, random: SeededGenerator) throws {
        self.bench = bench
        self.random = random
        try bench.send("area.registered", #"{"area":"town"}"#, at: "2024-02-15T09:00:00Z")
        for (franchise, tier) in zip(Self.franchises, ["sub", "master"]) {
            try bench.send(
                "franchise.registered",
                #"{"franchiseId":"\#(franchise)","tier":"\#(tier)","area":"town","ownerId":"U-1"}"#)
        }
        for user in Self.users + ["U-provider"] {
            try bench.send(
                "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"town","level":"high"}"#)
        }
        for user in Self.users {
            try bench.send(
                "wallet.deposited",
                #"{"depositId":"D-\#(user)","userId":"\#(user)","amount":9000,"currency":"PKR","provider":"bank"}"#)
        }
        try bench.send(
            "wallet.deposited",
            #"{"depositId":"D-0","userId":"U-rich","amount":5000000000,"currency":"PKR","provider":"bank"}"#)
        let licenses = [
            #"{"kind":"call","calls":3}"#, #"{"kind":"subscription"}"#, #"{"kind":"subscription","calls":2,"days":2}"#,
            #"{"kind":"call"}"#,
        ]
        for (index, service) in Self.services.enumerated() { try register(service, index, licenses[index]) }
        try bench.send(
            "product.listed",
            #"{"productId":"P","sellerId":"U-provider","title":"P","price":1000,"currency":"PKR","stock":1000000,"category":"c","tags":[],"area":"town"}"#
        )
    }

    private func register(_ service: String, _ index: Int, _ license: String) throws {
        let validators = (0..<index).map { #""U-v\#($0)""# }.joined(separator: ",")
        let owner = index % 2 == 0 ? #","modelOwnerId":"U-model""# : ""
        let price = service == "S-free" ? 0 : 1009 * (index + 1)
        try bench.send(
            "service.registered",
            #"{"serviceId":"\#(service)","providerId":"U-provider","title":"T","price":\#(price),"currency":"PKR","license":\#(license),"requiredLevel":"basic","available":true,"validatorIds":[\#(validators)]\#(owner)}"#
        )
    }

    /// Sends one more event, a third of the time some hours later.
    mutating func send() throws {
        if random.once(in: 3) { hours += Int64(random.int(in: 0...12)) }
        let (type, data) = next()
        try bench.send(type, data, at: Bench.start.adding(seconds: 3600 * hours).text)
    }

    private mutating func next() -> (type: String, data: String) {
        let user = random.pick(Self.users)
        let service = random.pick(Self.services)
        switch random.int(in: 0...11) {
        case 0: return deposit(to: user)
        case 1, 2: return request(service, by: user)
        case 3, 4: return ("service.delivered", #"{"requestId":"\#(anyRequest())"}"#)
        case 5: return ("service.failed", #"{"requestId":"\#(anyRequest())","reason":"crashed"}"#)
        case 6, 7: return ("service.called", #"{"callId":"\#(fact())","licenseId":"\#(anyRequest()):license"}"#)
        case 8, 9: return report(on: service, by: user)
        case 10:
            return ("service.reviewed", #"{"serviceId":"\#(service)","score":\#(random.int(in: 50...100)),"by":"U-x"}"#)
        default: return random.once(in: 2) ? sale(to: user) : order()
        }
    }

    /// Returns a request, mostly one of the last, which may still be open.
    private mutating func anyRequest() -> String {
        "R-\(random.int(in: random.once(in: 10) ? 0...requests : max(0, requests - 6)...requests))"
    }

    /// Returns the id of a new fact, or sometimes of one sent before.
    private mutating func fact() -> String {
        if !random.once(in: 20) { facts += 1 }
        return "K-\(facts)"
    }

    private mutating func deposit(to user: String) -> (String, String) {
        let amount = random.int(in: 1...20_000)
        return (
            "wallet.deposited",
            #"{"depositId":"\#(fact())","userId":"\#(user)","amount":\#(amount),"currency":"PKR","provider":"bank"}"#
        )
    }

    private mutating func request(_ service: String, by user: String) -> (String, String) {
        if !random.once(in: 10) { requests += 1 }
        asked.append(("R-\(requests)", service, user))
        return (
            "service.requested", #"{"requestId":"R-\#(requests)","serviceId":"\#(service)","userId":"\#(user)"}"#
        )
    }

    private mutating func report(on service: String, by user: String) -> (String, String) {
        guard let own = asked.last, random.once(in: 4) else { return reportOnOwn() }
        let request = random.once(in: 2) ? #""requestId":"\#(own.id)","# : ""
        return (
            "quality.reported",
            #"{"reportId":"\#(fact())","serviceId":"\#(service)",\#(request)"userId":"\#(user)","score":\#(random.int(in: 0...70))}"#
        )
    }

    /// A report on a recent request, by the user who made it.
    private mutating func reportOnOwn() -> (String, String) {
        guard !asked.isEmpty else { return deposit(to: "U-rich") }
        let own = asked[asked.count - 1 - random.int(in: 0...min(12, asked.count - 1))]
        return (
            "quality.reported",
            #"{"reportId":"\#(fact())","serviceId":"\#(own.service)","requestId":"\#(own.id)","userId":"\#(own.user)","score":\#(random.int(in: 0...60))}"#
        )
    }

    private mutating func sale(to user: String) -> (String, String) {
        let id = "X-\(random.int(in: 0...1000))"
        let price = random.once(in: 3) ? 600_000_000 : random.int(in: 0...10_000)
        return (
            "area.sold",
            #"{"saleId":"\#(id)","franchiseId":"\#(random.pick(Self.franchises))","buyerId":"\#(user)","price":\#(price),"currency":"PKR"}"#
        )
    }

    /// A step of an order; franchises earn from orders.
    private mutating func order() -> (String, String) {
        let id = "O-\(random.int(in: max(0, orders - 2)...orders))"
        switch random.int(in: 0...2) {
        case 0:
            if !random.once(in: 10) { orders += 1 }
            let id = "O-\(orders)"
            return (
                "order.placed",
                #"{"orderId":"\#(id)","buyerId":"U-rich","sellerId":"U-provider","productId":"P","quantity":1,"amount":1000,"currency":"PKR","paymentMethod":"wallet","area":"town","delivery":"self"}"#
            )
        case 1: return ("order.delivered", #"{"orderId":"\#(id)"}"#)
        default: return ("order.completed", #"{"orderId":"\#(id)"}"#)
        }
    }
}
