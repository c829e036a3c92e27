import CommandKit
import Glibc

/// The wallets, and for orders the sellers, that benchmarks work with. Setting it up is idempotent: its events have the
/// same ids each time.
struct Marketplace {
    static let walletCount = 10_000
    /// Deposit in each wallet, in minor units of `currency`.
    static let walletAmount = 1_000_000_000
    static let currency = "PKR"
    /// Complaints cost a seller trust: there must be many, so that none is suspended for it.
    static let sellerCount = 1000
    static let area = "bench"
    /// The price of each product in minor units.
    static let price = 1000

    private static let eventsPerRequest = 1000

    let client: SetUpClient

    static func user(_ index: Int) -> String { "U-b\(index)" }
    static func seller(_ index: Int) -> String { "U-s\(index)" }
    static func product(_ index: Int) -> String { "P-\(index)" }

    /// Seller of an order, chosen so that orders of any stride are spread over all sellers.
    static func seller(ofOrder order: Int) -> Int { (order + order / 100) % sellerCount }

    /// Registers a user for every wallet, and gives it its money.
    func fundWallets() throws {
        try registerBuyers()
        try send(Self.walletCount, "fund") { index, events in
            events.add("wallet.deposited", id: index) {
                $0.put(
                    "\"depositId\":\"D-b\(index)\",\"userId\":\"\(Self.user(index))\",\"amount\":\(Self.walletAmount)")
                $0.put(",\"currency\":\"\(Self.currency)\",\"provider\":\"bank\"")
            }
        }
    }

    /// Registers a franchised area, sellers with a product each, and a buyer for each wallet.
    func openShop() throws {
        var events = EventBytes(run: "shop")
        events.add("area.registered", id: 1) { $0.put("\"area\":\"\(Self.area)\"") }
        for (index, tier) in ["corporate", "master", "sub"].enumerated() {
            events.add("franchise.registered", id: 2 + index) {
                $0.put("\"franchiseId\":\"F-bench-\(tier)\",\"tier\":\"\(tier)\",\"area\":\"\(Self.area)\"")
                $0.put(",\"ownerId\":\"\(Self.seller(0))\"")
            }
        }
        try client.send(events)
        try send(Self.sellerCount, "seller") { index, events in
            events.add("user.registered", id: index) {
                $0.put(Self.userData(Self.seller(index), role: "seller", level: "vip"))
            }
        }
        try send(Self.sellerCount, "product") { index, events in
            events.add("product.listed", id: index) {
                $0.put("\"productId\":\"\(Self.product(index))\",\"sellerId\":\"\(Self.seller(index))\"")
                $0.put(",\"title\":\"Thing\",\"price\":\(Self.price),\"currency\":\"\(Self.currency)\"")
                $0.put(",\"stock\":1000000000,\"category\":\"things\",\"tags\":[],\"area\":\"\(Self.area)\"")
            }
        }
        try registerBuyers()
    }

    private func registerBuyers() throws {
        try send(Self.walletCount, "buyer") { index, events in
            events.add("user.registered", id: index) {
                $0.put(Self.userData(Self.user(index), role: "buyer", level: "basic"))
            }
        }
    }

    /// The data of a registration, without braces.
    static func userData(_ id: String, role: String, level: String) -> String {
        "\"userId\":\"\(id)\",\"role\":\"\(role)\",\"area\":\"\(area)\",\"level\":\"\(level)\",\"trustScore\":80"
    }

    private func send(_ count: Int, _ run: String, _ event: (Int, inout EventBytes) -> Void) throws {
        var events = EventBytes(run: run)
        for start in stride(from: 0, to: count, by: Self.eventsPerRequest) {
            events.removeAll()
            for index in start..<min(count, start + Self.eventsPerRequest) { event(index, &events) }
            try client.send(events)
        }
    }
}

/// Client for the requests before and after a load, each on a connection of its own.
struct SetUpClient {
    /// Time for which an answer is waited for.
    private static let answerSecondsMax = 60

    let path: String

    /// Sends a batch of events.
    /// - Throws: where one of them is refused, or the service does not answer.
    func send(_ events: EventBytes) throws(ClientError) {
        var stream = RequestStream()
        stream.add(events, isBatch: true, count: 1)
        let (status, text) = try exchange(stream.bytes)
        guard status / 100 == 2, !text.contains("\"status\":\"refused\"") else {
            throw ClientError("setting up failed with status \(status): \(text.prefix(500))")
        }
    }

    /// The number of entries in the service's log, by its newest checkpoint.
    func logSize() throws(ClientError) -> Int {
        let (status, text) = try exchange(Array("GET /v1/checkpoint HTTP/1.1\r\nHost: docket\r\n\r\n".utf8))
        let lines = text.split(separator: "\n")
        guard status == 200, lines.count > 1, let size = Int(lines[1]) else {
            throw ClientError("the service gave no checkpoint (status \(status))")
        }
        return size
    }

    private func exchange(_ request: [UInt8]) throws(ClientError) -> (status: Int, body: String) {
        let socket = try UnixSocket(path: path)
        socket.limitWait(seconds: Self.answerSecondsMax)
        try socket.send(request)
        let reader = HTTPResponseReader()
        while true {
            if let response = try reader.next() {
                return (response.status, String(decoding: reader.body(of: response), as: UTF8.self))
            }
            let room = reader.room
            let count = retryingInterrupted { recv(socket.descriptor, room.baseAddress, room.count, 0) }
            guard count > 0 else {
                throw ClientError("the service did not answer within \(Self.answerSecondsMax) s")
            }
            reader.filled(count)
        }
    }
}
