import ArgumentParser
import Glibc

/// `docket-bench users`
struct BenchUsers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Let made-up users sign up, look around, order, pay and complain at a running service.",
        discussion: """
            Each user waits for one answer before the next request. Some of them complain and are refunded; all others \
            complete their order and rate it. Nothing they do may be refused.

            Example: docket-bench users --users 10000 --connections 64
            """)

    @OptionGroup var service: SocketOptions

    @Option(help: ArgumentHelp("Number of users.", valueName: "n"))
    var users = 10_000

    @Option(help: ArgumentHelp("Connections, each with one user at a time.", valueName: "n"))
    var connections = 64

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1_000_000).contains(users) else { throw ValidationError("`--users` is from 1 to 1000000") }
        guard (1...10_000).contains(connections) else { throw ValidationError("`--connections` is from 1 to 10000") }
    }

    func run() throws {
        let client = SetUpClient(path: service.path)
        try Marketplace(client: client).openShop()
        let load = UserLoad(connections: connections, run: "\(time(nil))-\(getpid())")
        let streams = load.streams(of: users)
        try LoadRunner.measure(
            "\(users) users, \(connections) connections", unit: "events", streams, with: client, json: output.json)
    }
}

/// Actions of the users of `docket-bench users`, prepared as the requests of each connection.
struct UserLoad {
    /// Number of users of whom one complains.
    static let usersPerComplaint = 20

    let connections: Int
    /// Prefix by which the ids of this run differ from those of others.
    let run: String

    private enum Step: Int, CaseIterable {
        case signUp, start, search, view, deposit, order, dispatch, deliver, end, afterwards
    }

    /// The requests of a number of users, one user after the other on each connection.
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
