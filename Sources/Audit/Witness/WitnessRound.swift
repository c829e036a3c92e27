package import EventLog
import TransparencyLog

/// Asks the witnesses of a policy to cosign a log's newest checkpoint (c2sp.org/tlog-witness), and keeps their answers.
///
/// A request starts from the checkpoint that a witness cosigned last. Its size is remembered, and otherwise asked for
/// with the first request, which then ends with 409. Not thread-safe.
package struct WitnessRound {
    /// The answer to one request.
    package struct Answer: Sendable {
        package let status: Int
        package let body: [UInt8]

        package init(status: Int, body: [UInt8]) {
            self.status = status
            self.body = body
        }
    }

    /// The outcome with one witness.
    package struct Outcome: Sendable {
        /// The witness's name in the policy.
        package let name: String
        /// The reason why it did not cosign; nil if it did.
        package let failure: String?
        /// Indicates that the witness has seen another history, or a longer one: the log was changed or set back.
        package let isContradicted: Bool
    }

    /// The result of one round.
    package struct Result: Sendable {
        /// The size of the checkpoint.
        package let size: UInt64
        /// The checkpoint with all cosignatures that are kept for it.
        package let note: String
        /// The outcome with each witness that the policy says where to ask.
        package let outcomes: [Outcome]
        /// Words for what the policy asks for and the note lacks; nil if its quorum is met.
        package let missing: String?
    }

    private let policy: WitnessPolicy
    private let log: EventLog
    private let store: CosignatureStore
    private var known: [String: UInt64] = [:]

    /// Rounds for a log, by a policy file that says where its witnesses are asked.
    /// - Parameters:
    ///   - policy: the name of the file, for messages, and its bytes.
    ///   - state: the folder of what can be asked for again.
    /// - Throws: `ReadingError` for a policy that cannot be used for this log, or names no witness's address.
    package init(policy: (name: String, bytes: [UInt8]), log: EventLog, state: String) throws(ReadingError) {
        do throws(PolicyError) { self.policy = try WitnessPolicy(policy.bytes) } catch {
            throw ReadingError("\(policy.name):\(error)")
        }
        if let why = self.policy.refuses(log.verifierKey) { throw ReadingError("\(policy.name): \(why)") }
        guard self.policy.witnesses.contains(where: { $0.url != nil }) else {
            throw ReadingError("\(policy.name): it says of no witness where to ask it: `witness NAME VKEY URL`")
        }
        self.log = log
        store = CosignatureStore(folder: state, log: log)
    }

    /// The addresses of the witnesses that are asked.
    package var addresses: [String] { policy.witnesses.compactMap(\.url) }

    /// Asks each witness that has not cosigned the newest checkpoint yet.
    /// - Parameter send: posts a request to `/add-checkpoint` at a witness's address.
    /// - Throws: `EventLogError` if the log has no checkpoint, cannot be read, or cosignatures cannot be kept.
    package mutating func run<E: Error>(
        _ send: (_ address: String, _ request: [UInt8]) throws(E) -> Answer
    ) throws(EventLogError) -> Result {
        try log.refresh()
        guard var note = log.checkpoint else { throw .empty }
        // The log may go on meanwhile: the size is the note's.
        let own = note
        guard let size = (try? Checkpoint.open(Array(own.utf8), key: log.verifierKey))?.size else {
            throw .damaged(log.directory, "its newest checkpoint cannot be read")
        }
        var outcomes: [Outcome] = []
        note = store.appended(to: note)
        for witness in policy.witnesses {
            guard let address = witness.url else { continue }
            var outcome = Outcome(name: witness.name, failure: nil, isContradicted: false)
            if !hasCosigned(witness.key, note) {
                (note, outcome) = try ask(witness, address, own, size, note, send)
            }
            outcomes.append(outcome)
        }
        let signed = try? SignedNote(Array(note.utf8))
        let cosigners = signed.flatMap {
            try? $0.cosigners(among: policy.witnesses.map(\.key), log: log.verifierKey)
        }
        let isMet = policy.isMet(by: cosigners ?? [])
        return Result(size: size, note: note, outcomes: outcomes, missing: isMet ? nil : policy.asked)
    }

    private func hasCosigned(_ key: VerifierKey, _ note: String) -> Bool {
        guard let signed = try? SignedNote(Array(note.utf8)) else { return false }
        return (try? signed.cosigners(among: [key], log: log.verifierKey)) == [key]
    }

    private mutating func ask<E: Error>(
        _ witness: WitnessPolicy.Member, _ address: String, _ own: String, _ size: UInt64, _ note: String,
        _ send: (_ address: String, _ request: [UInt8]) throws(E) -> Answer
    ) throws(EventLogError) -> (note: String, Outcome) {
        func failed(_ why: String, isContradicted: Bool = false) -> (String, Outcome) {
            (note, Outcome(name: witness.name, failure: why, isContradicted: isContradicted))
        }
        var old = min(known[witness.name] ?? 0, size)
        for attempt in 0..<2 {
            let request = ConsistencyRequest(
                oldSize: old, proof: try log.consistency(from: old, to: size), checkpoint: Array(own.utf8))
            let answer: Answer
            do throws(E) { answer = try send(address, request.text) } catch { return failed("\(error)") }
            switch answer.status {
            case 200:
                let lines = (try? SignedNote.lines(answer.body)) ?? []
                let kept = try store.keep(lines, on: own, by: [witness.key])
                guard hasCosigned(witness.key, kept) else {
                    return failed("it answered no valid cosignature by the key of the policy")
                }
                known[witness.name] = size
                return (kept, Outcome(name: witness.name, failure: nil, isContradicted: false))
            case 409:
                let body = answer.body.last == UInt8(ascii: "\n") ? answer.body.dropLast() : []
                guard let last = Decimal.parse(body) else { return failed("it answered 409 without a size") }
                if last > size {
                    return failed("it has cosigned \(last) entries, and the log has \(size)", isContradicted: true)
                }
                if last == old, attempt > 0 || old == size {
                    return failed("it has cosigned another checkpoint of \(last) entries", isContradicted: true)
                }
                old = last
                known[witness.name] = last
            case 422:
                return failed(
                    "it has cosigned a checkpoint of \(old) entries that this log does not continue",
                    isContradicted: true)
            default: return failed("it answered \(answer.status): \(Self.shown(answer.body))")
            }
        }
        return failed("it cosigned other checkpoints meanwhile")
    }

    private static func shown(_ body: [UInt8]) -> String {
        String(decoding: body.prefix(200).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
