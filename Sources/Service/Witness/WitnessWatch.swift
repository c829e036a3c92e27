package import Audit
import Engine
import EventLog
import Glibc
import Synchronization

/// Asks the witnesses of a policy to cosign the checkpoints of a running ledger: the newest one, whenever it is another
/// than the last. Cosignatures come later than the commit, and nothing waits for them.
final class WitnessWatch: Sendable {
    private static let pauseMicroseconds: UInt32 = 200_000
    /// The time after which a witness that did not answer is asked again, in pauses.
    private static let pausesAfterFailure = 25

    private let round: Mutex<WitnessRound>
    private let log: EventLog
    private let isStopping = Atomic(false)

    /// - Parameter policy: the name of the policy file, and its bytes.
    /// - Throws: where the policy or a witness's address cannot be used.
    init(policy: (name: String, bytes: [UInt8]), log: EventLog, state: String) throws(ServiceError) {
        self.log = log
        do throws(ReadingError) {
            let made = try WitnessRound(policy: policy, log: log, state: state)
            round = Mutex(made)
        } catch {
            throw ServiceError(error.description)
        }
        for address in round.withLock({ $0.addresses }) { _ = try CalledAddress(address) }
    }

    /// Starts the thread, which nobody waits for: it holds nothing that others need.
    func start() {
        Threads.detach { [self] in work() }
    }

    func stop() { isStopping.store(true, ordering: .relaxed) }

    private func work() {
        let callers = WitnessCallers()
        var asked: UInt64 = 0
        var said: Set<String> = []
        var pauses = 0
        while !isStopping.load(ordering: .relaxed) {
            usleep(Self.pauseMicroseconds)
            try? log.refresh()
            pauses -= 1
            guard log.size > 0, log.size != asked || pauses == 0 else { continue }
            do throws(EventLogError) {
                let result = try round.withLock { round throws(EventLogError) in try round.run(callers.send) }
                asked = result.size
                let failures = result.outcomes.compactMap { outcome in
                    outcome.failure.map { "witness `\(outcome.name)`: \($0)" }
                }
                pauses = failures.isEmpty ? 0 : Self.pausesAfterFailure
                for failure in failures where !said.contains(failure) { Notice.say(failure) }
                said = Set(failures)
            } catch {
                pauses = Self.pausesAfterFailure
                let line = "witnesses: \(error)"
                if said.insert(line).inserted { Notice.say(line) }
            }
        }
    }
}

/// Connections to witnesses.
package final class WitnessCallers {
    /// Bounds of a witness's answer: a few signature lines.
    private static let limits = HTTPCaller.Limits(bytesMax: 64 << 10, idleSeconds: 5, totalSeconds: 10)

    private var callers: [String: HTTPCaller] = [:]

    package init() {}

    /// Posts a request to a witness.
    /// - Throws: the reason why it gave no answer.
    package func send(_ address: String, _ request: [UInt8]) throws -> WitnessRound.Answer {
        let caller = try callers[address] ?? HTTPCaller(CalledAddress(address))
        callers[address] = caller
        let answer = try caller.send(
            "POST", "/add-checkpoint", contentType: "text/plain; charset=utf-8", body: request, limits: Self.limits)
        return WitnessRound.Answer(status: answer.status, body: answer.body)
    }
}
