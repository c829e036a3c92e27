import Foundation
import Glibc
import Synchronization

/// Clients that go on paying, each request a connection of its own, and keep every answer.
final class PaymentLoad: Sendable {
    /// What the service answered for one event.
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

    /// Answers that were no success.
    var failures: [String] { state.withLock { $0.failures } }

    /// Lets the requests under way be answered, and gives all answers.
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
