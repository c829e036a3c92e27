import JSON
import TransparencyLog

/// The witnesses whose cosignatures a checkpoint must bear: of policy files (c2sp.org/tlog-policy), or named one by one.
package struct WitnessDemand: Sendable {
    /// The reading of a checkpoint's cosignatures.
    struct Finding: Sendable {
        /// The witnesses who cosigned, by name.
        let names: [String]
        /// Words for what is asked for and missing; nil if the demand is met.
        let missing: String?
    }

    private let policies: [WitnessPolicy]
    private let log: VerifierKey

    /// The demands of a policy file and of single witnesses, all of which must be met.
    /// - Parameters:
    ///   - policy: the name of a policy file, for messages, and its bytes.
    ///   - witnesses: verifier keys of witnesses, each of which must have cosigned.
    ///   - log: the log's verifier key.
    /// - Throws: `ReadingError` for a policy or key that cannot be used, with its place.
    package init(policy: (name: String, bytes: [UInt8])?, witnesses: [String], log: String) throws(ReadingError) {
        do throws(NoteError) { self.log = try VerifierKey(log) } catch {
            throw ReadingError("`\(log)` is not a verifier key: \(error)")
        }
        var policies: [WitnessPolicy] = []
        if let policy {
            do throws(PolicyError) { policies.append(try WitnessPolicy(policy.bytes)) } catch {
                throw ReadingError("\(policy.name):\(error)")
            }
        }
        do throws(NoteError) {
            var keys: [VerifierKey] = []
            for witness in witnesses { keys.append(try VerifierKey(witness)) }
            if !keys.isEmpty { policies.append(try WitnessPolicy(all: keys)) }
        } catch {
            throw ReadingError("a witness's key: \(error)")
        }
        for one in policies {
            if let why = one.refuses(self.log) { throw ReadingError("the policy: \(why)") }
        }
        self.policies = policies
    }

    /// The witnesses that are known.
    var witnesses: [VerifierKey] { policies.flatMap { $0.witnesses.map(\.key) } }

    /// Reads the cosignatures of a note that the log signed.
    /// - Throws: `NoteError` for a cosignature of a known witness that is not valid.
    func finding(_ note: [UInt8]) throws(NoteError) -> Finding {
        let note = try SignedNote(note)
        let witnesses = witnesses
        let known = witnesses.enumerated().filter { index, key in !witnesses[..<index].contains(key) }.map(\.element)
        let cosigners = try note.cosigners(among: known, log: log)
        let unmet = policies.first { !$0.isMet(by: cosigners) }
        return Finding(names: cosigners.map(\.name), missing: unmet?.asked)
    }

    /// The names of the witnesses who cosigned a receipt's checkpoint.
    /// - Throws: `bad` where the demand is not met.
    func cosigners(ofReceipt text: [UInt8]) throws(ReceiptCheck.Failure) -> [String] {
        let finding: Finding
        do {
            finding = try self.finding(try TLogProof(text).checkpoint)
        } catch {
            throw .bad("checkpoint: \(error)")
        }
        guard let missing = finding.missing else { return finding.names }
        throw .bad(
            "its checkpoint is not witnessed as the policy asks, by \(missing): cosigned by \(Self.list(finding.names))"
        )
    }

    static func list(_ names: [String]) -> String { names.isEmpty ? "nobody" : names.joined(separator: ", ") }
}

/// The witnesses of a verified log: the largest checkpoint that bears what is asked for.
package struct VerifyWitnesses: Hashable, Sendable {
    /// The size of that checkpoint; nil if none bears it.
    package let size: UInt64?
    /// The names of the witnesses of that checkpoint, or, where there is none, of the newest.
    package let names: [String]

    /// `{by, size}`
    func write(_ writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("by")
        writer.list(names) { $1.string($0) }
        writer.key("size")
        if let size { writer.int(min(Int64(clamping: size), Limits.integerMagnitudeMax)) } else { writer.null() }
        writer.endObject()
    }
}

extension VerifyResult {
    /// Adds to the result of a verification whether witnesses cosigned what was found.
    /// - Parameters:
    ///   - notes: the checkpoints at hand that the log's key signed, the newest of the log first.
    ///   - roots: the roots of the entries that were read, by size.
    mutating func judge(
        _ demand: WitnessDemand, notes: [(note: [UInt8], checkpoint: Checkpoint)], roots: [UInt64: Hash256]
    ) {
        var best: (size: UInt64, names: [String])?
        var newest: WitnessDemand.Finding?
        var problem: Bad?
        for (note, checkpoint) in notes where roots[checkpoint.size] == checkpoint.root {
            do throws(NoteError) {
                let finding = try demand.finding(note)
                if newest == nil { newest = finding }
                if finding.missing == nil, checkpoint.size >= best?.size ?? 0 {
                    best = (checkpoint.size, finding.names)
                }
            } catch {
                problem = Bad(
                    sequence: nil, what: "cosignature", expected: "a valid cosignature of a known witness",
                    found: "\(error)")
            }
        }
        witnesses = VerifyWitnesses(size: best?.size, names: best?.names ?? newest?.names ?? [])
        guard verdict == .ok else { return }
        if let problem {
            (verdict, reason) = (.fail, .signature)
            bad.append(problem)
        } else if let missing = newest?.missing, best?.size ?? 0 < size ?? 0 {
            (verdict, reason) = (.incomplete, .witnesses)
            let found = best.map { "a witnessed checkpoint of \($0.size) entries" }
            bad.append(
                Bad(
                    sequence: nil, what: "witnesses of the newest checkpoint", expected: missing,
                    found: "\(WitnessDemand.list(newest?.names ?? []))\(found.map { "; \($0)" } ?? "")"))
        }
    }
}
