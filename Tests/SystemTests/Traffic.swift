import Foundation
import Glibc
import Synchronization

/// Events of a marketplace in an order in which all of them are accepted: users with money who pay one another and
/// order.
struct Traffic {
    static let users = 20
    static let price = 1000

    /// The events that must come before all others.
    static var setUp: [String] {
        var events = [event("area-1", "area.registered", #""area":"town""#)]
        for (index, tier) in ["corporate", "master", "sub"].enumerated() {
            events.append(
                event(
                    "franchise-\(index)", "franchise.registered",
                    #""franchiseId":"F-\#(tier)","tier":"\#(tier)","area":"town","ownerId":"U-seller""#))
        }
        events.append(user("U-seller", role: "seller", level: "vip"))
        events.append(
            event(
                "product", "product.listed",
                #""productId":"P-1","sellerId":"U-seller","title":"Thing","price":\#(price),"currency":"PKR""#
                    + #","stock":1000000,"category":"things","tags":[],"area":"town""#))
        for number in 0..<users {
            events.append(user("U-\(number)", role: "buyer", level: "basic"))
            events.append(
                event(
                    "deposit-\(number)", "wallet.deposited",
                    #""depositId":"D-\#(number)","userId":"U-\#(number)","amount":100000000,"currency":"PKR","provider":"bank""#
                ))
        }
        return events
    }

    /// `count` events of one client: payments, and orders from placing to completion.
    static func events(of client: String, count: Int) -> [String] {
        (0..<count).map { index in
            let order = index / 8, buyer = "U-\(order % users)", orderId = #""orderId":"O-\#(client)-\#(order)""#
            let id = "\(client)-\(index)"
            switch index % 8 {
            case 0:
                return event(
                    id, "order.placed",
                    orderId
                        + #","buyerId":"\#(buyer)","sellerId":"U-seller","productId":"P-1","quantity":1,"amount":\#(price)"#
                        + #","currency":"PKR","paymentMethod":"wallet","area":"town","delivery":"franchise""#)
            case 2: return event(id, "order.dispatched", orderId)
            case 4: return event(id, "order.delivered", orderId)
            case 6: return event(id, "order.completed", orderId)
            default:
                return event(
                    id, "wallet.payment.requested",
                    #""paymentId":"\#(id)","fromUserId":"\#(buyer)","toUserId":"U-\#((order + 7) % users)","amount":5"#
                        + #","currency":"PKR""#)
            }
        }
    }

    static func event(_ id: String, _ type: String, _ data: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/test","type":"\#(type)","data":{\#(data)}}"#
    }

    private static func user(_ id: String, role: String, level: String) -> String {
        event(
            "user-\(id)", "user.registered",
            #""userId":"\#(id)","role":"\#(role)","area":"town","level":"\#(level)","trustScore":80,"name":"Someone""#)
    }
}

/// Clients that go on paying, each request on a connection of its own, and keep every answer.
final class PaymentLoad: Sendable {
    /// The service's answer for one event.
    struct Answer: Decodable {
        struct Decision: Decodable { let sequence: Int, type: String, because: String? }
        let id: String, sequence: Int, status: String, decisions: [Decision]
    }

    private struct Body: Decodable { let events: [Answer] }

    private struct State {
        var answers: [Answer] = []
        var failures: [String] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let done = DispatchGroup()

    /// - Parameters:
    ///   - batch: events a request
    init(_ socket: String, clients: Int, batch: Int) {
        for client in 0..<clients {
            done.enter()
            Thread.detachNewThread { [self] in
                pay(as: "load-\(client)", HTTPExchange(socket), batch)
                done.leave()
            }
        }
    }

    /// Events answered so far.
    var count: Int { state.withLock { $0.answers.count } }

    /// Answers other than success.
    var failures: [String] { state.withLock { $0.failures } }

    /// Waits for the requests in progress, and returns all answers.
    func stop() -> [Answer] {
        state.withLock { $0.isStopped = true }
        done.wait()
        return state.withLock { $0.answers }
    }

    private func pay(as client: String, _ exchange: HTTPExchange, _ batch: Int) {
        var number = 0
        while !state.withLock({ $0.isStopped }) {
            let events = (0..<batch).map { index in
                Traffic.event(
                    "\(client)-\(number + index)", "wallet.payment.requested",
                    #""paymentId":"\#(client)-\#(number + index)","fromUserId":"U-1","toUserId":"U-2","amount":1"#
                        + #","currency":"PKR""#)
            }
            number += batch
            do {
                let answer = try exchange.post(events.joined(separator: ","))
                let body = answer.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
                guard answer.hasPrefix("HTTP/1.1 201") else { return fail(answer) }
                let read = try JSONDecoder().decode(Body.self, from: Data(body.utf8)).events
                state.withLock { $0.answers += read }
                // Other tests run beside this one.
                usleep(50_000)
            } catch {
                return fail("\(error)")
            }
        }
    }

    private func fail(_ what: String) { state.withLock { $0.failures.append(what) } }
}
