import ArgumentParser

/// Load of `docket-bench append`, prepared as the requests of each connection.
struct Load {
    enum Mix: String, ExpressibleByArgument, CaseIterable {
        case payments, orders
    }

    /// Number of events that the service takes in one request at most.
    static let batchMax = 10_000
    /// Number of orders of which one leads to a complaint.
    static let ordersPerComplaint = 100

    let connections: Int
    /// Events in one request.
    let batch: Int
    /// Prefix by which the ids of this run differ from those of others.
    let run: String
    private var random: SeededRandom

    init(connections: Int, batch: Int, run: String, seed: UInt64) {
        self.connections = connections
        self.batch = batch
        self.run = run
        random = SeededRandom(seed: seed)
    }

    /// `wallet.payment.requested` between random wallets, `count` in all.
    mutating func payments(_ count: Int) -> [RequestStream] {
        streams(of: count) { load, index, events in
            let (from, to) = load.twoWallets()
            let amount = 1 + load.random.next(below: 100)
            events.add("wallet.payment.requested", id: index) {
                $0.put("\"paymentId\":\"")
                $0.put(load.run)
                $0.put("-")
                $0.put(index)
                $0.put("\",\"fromUserId\":\"U-b")
                $0.put(from)
                $0.put("\",\"toUserId\":\"U-b")
                $0.put(to)
                $0.put("\",\"amount\":")
                $0.put(amount)
                $0.put(",\"currency\":\"PKR\"")
            }
            return 1
        }
    }

    /// `wallet.payments.requested` of `each` payments, `count` payments in all.
    mutating func bulkPayments(_ count: Int, each: Int) -> [RequestStream] {
        streams(of: (count + each - 1) / each) { load, index, events in
            events.add("wallet.payments.requested", id: index) {
                $0.put("\"batchId\":\"")
                $0.put(load.run)
                $0.put("-")
                $0.put(index)
                $0.put("\",\"currency\":\"PKR\",\"payments\":[")
                for number in 0..<each {
                    let (from, to) = load.twoWallets()
                    if number > 0 { $0.put(",") }
                    $0.put("{\"from\":\"U-b")
                    $0.put(from)
                    $0.put("\",\"to\":\"U-b")
                    $0.put(to)
                    $0.put("\",\"amount\":")
                    $0.put(1 + load.random.next(below: 100))
                    $0.put("}")
                }
                $0.put("]")
            }
            return each
        }
    }

    /// Orders, each from placing (paid from the wallet) over dispatch and delivery to completion, or to a complaint
    /// that ends in a refund: four events an order, `count` events in all. A request holds one step of `batch` orders.
    mutating func orders(_ count: Int) -> [RequestStream] {
        var streams = Array(repeating: RequestStream(), count: connections)
        var events = EventBytes(run: run)
        let orders = (count + 3) / 4
        for (turn, start) in stride(from: 0, to: orders, by: batch).enumerated() {
            let group = start..<min(orders, start + batch)
            for step in OrderStep.allCases {
                events.removeAll()
                for order in group { add(step, of: order, to: &events) }
                streams[turn % connections].add(events, isBatch: batch > 1, count: group.count)
            }
        }
        return streams
    }

    private enum OrderStep: Int, CaseIterable {
        case place, dispatch, deliver, complete
    }

    private mutating func add(_ step: OrderStep, of order: Int, to events: inout EventBytes) {
        let complains = order % Self.ordersPerComplaint == 0
        let buyer = Marketplace.user(order % Marketplace.walletCount), orderId = "\"orderId\":\"\(run)-\(order)\""
        let id = order * 4 + step.rawValue, seller = Marketplace.seller(ofOrder: order)
        switch step {
        case .place:
            events.add("order.placed", id: id) {
                $0.put("\(orderId),\"buyerId\":\"\(buyer)\",\"sellerId\":\"\(Marketplace.seller(seller))\"")
                $0.put(
                    ",\"productId\":\"\(Marketplace.product(seller))\",\"quantity\":1,\"amount\":\(Marketplace.price)")
                $0.put(",\"currency\":\"PKR\",\"paymentMethod\":\"wallet\",\"area\":\"\(Marketplace.area)\"")
                $0.put(",\"delivery\":\"franchise\"")
            }
        case .dispatch: events.add("order.dispatched", id: id) { $0.put(orderId) }
        case .deliver where complains:
            events.add("complaint.submitted", id: id) {
                $0.put("\"complaintId\":\"C-\(run)-\(order)\",\(orderId),\"userId\":\"\(buyer)\"")
                $0.put(",\"kind\":\"delivery_delay\",\"description\":\"it has not come\"")
            }
        case .deliver: events.add("order.delivered", id: id) { $0.put(orderId) }
        case .complete where complains:
            events.add("complaint.resolved", id: id) {
                $0.put("\"complaintId\":\"C-\(run)-\(order)\",\"outcome\":\"refund\",\"by\":\"F-bench-sub\"")
            }
        case .complete: events.add("order.completed", id: id) { $0.put(orderId) }
        }
    }

    /// Distributes `count` events in requests of `batch` over the connections.
    private mutating func streams(
        of count: Int, _ event: (inout Load, Int, inout EventBytes) -> Int
    ) -> [RequestStream] {
        var streams = Array(repeating: RequestStream(), count: connections)
        var events = EventBytes(run: run)
        for (turn, start) in stride(from: 0, to: count, by: batch).enumerated() {
            events.removeAll()
            var weight = 0
            for index in start..<min(count, start + batch) { weight += event(&self, index, &events) }
            streams[turn % connections].add(events, isBatch: batch > 1, count: weight)
        }
        return streams
    }

    // MARK: Random wallets

    private mutating func twoWallets() -> (Int, Int) {
        let from = random.next(below: Marketplace.walletCount)
        let to = (from + 1 + random.next(below: Marketplace.walletCount - 1)) % Marketplace.walletCount
        return (from, to)
    }
}

/// The requests of one connection, as bytes that are ready to be sent, in order.
struct RequestStream {
    private(set) var bytes: [UInt8] = []
    private(set) var requests: [Request] = []

    struct Request {
        let bytes: Range<Int>
        /// Weight of the request: the number of events, or of the payments in them.
        let count: Int
    }

    /// Adds a request of one event, or of a batch.
    mutating func add(_ events: EventBytes, isBatch: Bool, count: Int) {
        let type = isBatch ? "application/cloudevents-batch+json" : "application/cloudevents+json"
        let length = events.bytes.count + (isBatch ? 2 : 0)
        let start = bytes.count
        bytes.append(
            contentsOf:
                "POST /v1/events HTTP/1.1\r\nHost: docket\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\n\r\n"
                .utf8)
        if isBatch { bytes.append(0x5B) }
        bytes.append(contentsOf: events.bytes)
        if isBatch { bytes.append(0x5D) }
        requests.append(Request(bytes: start..<bytes.count, count: count))
    }

    var count: Int { requests.reduce(0) { $0 + $1.count } }
}

/// CloudEvents written one after the other, with commas between them.
struct EventBytes {
    private var json = JSONText()
    private let run: String

    /// - Parameter run: prefix by which the ids of this run differ from those of others.
    init(run: String) { self.run = run }

    var bytes: [UInt8] { json.bytes }

    /// Adds an event whose data is written by `data`: the members, without braces.
    mutating func add(_ type: StaticString, id: Int, _ data: (inout JSONText) -> Void) {
        if !json.isEmpty { json.put(",") }
        json.put("{\"specversion\":\"1.0\",\"id\":\"")
        json.put(run)
        json.put("-")
        json.put(id)
        json.put("\",\"source\":\"/bench\",\"type\":\"")
        json.put(type)
        json.put("\",\"datacontenttype\":\"application/json\",\"data\":{")
        data(&json)
        json.put("}}")
    }

    /// Removes all events.
    mutating func removeAll() { json.removeAll() }
}
