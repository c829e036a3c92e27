/// Actions of the users of `docket-bench users`, prepared as the requests of each connection.
struct UserLoad {
    /// Every so many users one complains.
    static let usersPerComplaint = 20

    let connections: Int
    /// Makes the ids of this run differ from those of others.
    let run: String

    private enum Step: Int, CaseIterable {
        case signUp, start, search, view, deposit, order, dispatch, deliver, end, afterwards
    }

    /// The requests of so many users, one user after the other on each connection.
    func streams(of users: Int) -> [RequestStream] {
        var streams = Array(repeating: RequestStream(), count: connections)
        var events = EventBytes(run: run)
        for user in 0..<users {
            for step in Step.allCases {
                events.removeAll()
                add(step, of: user, to: &events)
                streams[user % connections].add(events, isBatch: false, count: 1)
            }
        }
        return streams
    }

    private func add(_ step: Step, of user: Int, to events: inout EventBytes) {
        let id = user * Step.allCases.count + step.rawValue, complains = user % Self.usersPerComplaint == 0
        let seller = Marketplace.seller(ofOrder: user), product = Marketplace.product(seller)
        let userId = "U-\(run)-\(user)", orderId = "O-\(run)-\(user)", complaintId = "C-\(run)-\(user)"
        switch step {
        case .signUp:
            events.add("user.registered", id: id) {
                $0.put(Marketplace.userData(userId, role: "buyer", level: "basic"))
                $0.member("name", "Somebody New")
            }
        case .start:
            events.add("session.started", id: id) {
                $0.member("sessionId", "V-\(run)-\(user)")
                $0.member("userId", userId)
            }
        case .search:
            events.add("search.performed", id: id) {
                $0.member("searchId", "Q-\(run)-\(user)")
                $0.member("userId", userId)
                $0.member("terms", ["thing"])
            }
        case .view:
            events.add("product.viewed", id: id) {
                $0.member("userId", userId)
                $0.member("productId", product)
            }
        case .deposit:
            events.add("wallet.deposited", id: id) {
                $0.member("depositId", "D-\(run)-\(user)")
                $0.member("userId", userId)
                $0.member("amount", 2 * Marketplace.price)
                $0.member("currency", Marketplace.currency)
                $0.member("provider", "bank")
            }
        case .order:
            events.add("order.placed", id: id) {
                $0.member("orderId", orderId)
                $0.member("buyerId", userId)
                $0.member("sellerId", Marketplace.seller(seller))
                $0.member("productId", product)
                $0.member("quantity", 1)
                $0.member("amount", Marketplace.price)
                $0.member("currency", Marketplace.currency)
                $0.member("paymentMethod", "wallet")
                $0.member("area", Marketplace.area)
                $0.member("delivery", "franchise")
            }
        case .dispatch: events.add("order.dispatched", id: id) { $0.member("orderId", orderId) }
        case .deliver: events.add("order.delivered", id: id) { $0.member("orderId", orderId) }
        case .end where complains:
            events.add("complaint.submitted", id: id) {
                $0.member("complaintId", complaintId)
                $0.member("orderId", orderId)
                $0.member("userId", userId)
                $0.member("kind", "damaged")
                $0.member("description", "the box was open")
            }
        case .end: events.add("order.completed", id: id) { $0.member("orderId", orderId) }
        case .afterwards where complains:
            events.add("complaint.resolved", id: id) {
                $0.member("complaintId", complaintId)
                $0.member("outcome", "refund")
                $0.member("by", "F-bench-sub")
            }
        case .afterwards:
            events.add("order.rated", id: id) {
                $0.member("orderId", orderId)
                $0.member("stars", 5)
            }
        }
    }
}
