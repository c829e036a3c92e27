import AgentKit
import CEL
import Engine
import EngineTestSupport
import EventLog
import JSON

/// A ledger in memory under the shipped rules that plays histories, each undone before the next.
final class Storm {
    private let bench: Bench
    private var time = Bench.start
    private var serial = 0

    init() throws {
        var rules = try Bench.shippedRules()
        // Corrections of much money need a second administrator.
        rules["policy.yaml"] = rules["policy.yaml"]?.replacing(
            "  local: [admin]", with: "  local: [admin]\n  second: [admin]")
        bench = try Bench(rules, sealing: OpenSealing())
    }

    /// Plays a history and undoes it.
    func history<R>(_ body: (Storm) throws -> R) throws -> R {
        let outcome: Result<R, any Error> = bench.machine.dryRun {
            time = Bench.start
            serial = 0
            return Result {
                for event in StormWorld.registrations { try send(event) }
                return try body(self)
            }
        }
        return try outcome.get()
    }

    /// Sends an event under an envelope of its own.
    /// - Returns: what the clock did before it, and what followed it.
    @discardableResult
    func send(_ event: StormEvent, after seconds: Int = 0) throws -> (before: [Bench.Line], after: [Bench.Line]) {
        let start = bench.machine.chain.count
        pass(seconds: seconds)
        let sent = bench.machine.chain.count
        serial += 1
        let text = """
            {"specversion":"1.0","id":"e-\(serial)","source":"/storm","type":"\(event.type)","time":"\(time.text)","data":\(event.data)}
            """
        do throws(Problem) {
            let root = try! Document.parse(Array(text.utf8)).root
            let prepared = try bench.ingress.prepare(root, authority: event.authority)
            try bench.machine.check(prepared)
            _ = bench.machine.append(prepared, at: time)
        } catch {
            // Personal data of an erased person is refused outright.
            guard error.kind == .erased else { throw error }
            return (bench.lines(from: start), [])
        }
        let lines = bench.lines(from: start)
        return (Array(lines[..<(sent - start)]), Array(lines[(sent - start + 1)...]))
    }

    /// Advances the clock and fires everything due by then.
    func pass(seconds: Int) {
        time = time.adding(seconds: Int64(seconds))
        while bench.machine.fireNext(by: time) != nil {}
    }

    var lines: [Bench.Line] { bench.lines() }

    /// The last entry, whose hash chain covers all before it.
    var digest: String {
        let last = bench.lines(from: bench.machine.chain.count - 1)[0].document.root
        return last.withCanonicalBytes { String(decoding: $0, as: UTF8.self) }
    }

    struct Account {
        let path: String
        let debits: Int64
        let credits: Int64
        let debitsPending: Int64
        let creditsPending: Int64
        let limit: (debits: Bool, credits: Bool)

        var balance: Int64 { credits - debits }
        var available: Int64 { credits - debits - debitsPending }
        var currency: String { String(path.split(separator: "/").last ?? "") }
    }

    var accounts: [Account] {
        bench.keys(of: "accounts").map { path in
            func number(_ name: String) -> Int64 { bench.number(name, of: path, in: "accounts") ?? 0 }
            func flag(_ name: String) -> Bool { bench.column(name, of: path, in: "accounts")?.boolValue ?? false }
            return Account(
                path: path, debits: number("debitsPosted"), credits: number("creditsPosted"),
                debitsPending: number("debitsPending"), creditsPending: number("creditsPending"),
                limit: (flag("debitsMustNotExceedCredits"), flag("creditsMustNotExceedDebits")))
        }
    }

    func balance(of path: String) -> Int64 { bench.balance(of: path) }
}

/// The ids and figures that a storm has produced, for later events to refer to.
struct StormMemory {
    struct Placed {
        let id: String
        let method: String
        let amount: Int
        let currency: String
    }

    struct Closed {
        let id: String
        let orderId: String
    }

    var orders: [Placed] = []
    var deposits: [String] = []
    var references: [String] = []
    var complaints: [String] = []
    var requests: [String] = []
    var withdrawals: [String] = []
    var locks: [String] = []
    var disputes: [String] = []
    private(set) var licenses: [String] = []
    /// The user of each accepted request, by request.
    private(set) var customers: [String: String] = [:]
    private(set) var refunds: [String] = []
    private(set) var closed: [Closed] = []
    /// Sequences of overrides that wait for a second administrator.
    private(set) var pending: [String] = []
    /// The price of each order with its delivery fee.
    private(set) var totals: [String: Int] = [:]
    /// The collector of cash for each order paid on delivery.
    private(set) var takers: [String: String] = [:]
    /// The sequence of the last entry.
    private(set) var last = "0000000000000000"

    mutating func note(_ line: Bench.Line) {
        last = line.document.root["sequence"]?.string ?? last
        let data = line.document.root["data"]
        func text(_ name: String) -> String { data?.member(name)?.string ?? "" }
        func number(_ name: String) -> Int { data?.member(name)?.int.map { Int($0) } ?? 0 }
        switch line.type {
        case "service.accepted": customers[text("requestId")] = text("userId")
        case "license.granted": licenses.append(text("licenseId"))
        case "payment.refund.requested": refunds.append(text("refundId"))
        case "override.pending": pending.append(text("override"))
        case "order.accepted":
            totals[text("orderId")] = number("amount") + number("deliveryFee")
            if text("paymentMethod") == "cash" { takers[text("orderId")] = text("sellerId") }
        case "order.dispatch.recorded":
            if takers[text("orderId")] != nil, !text("riderId").isEmpty { takers[text("orderId")] = text("riderId") }
        case "complaint.closed": closed.append(Closed(id: text("complaintId"), orderId: text("orderId")))
        default: break
        }
    }
}
