package import JSON

/// Result of comparing the keys of persons with a log: whoever has sealed data there has a key, unless the log says that
/// it was erased; then there is none.
package struct VerifyKeys: Sendable, Hashable {
    /// The way in which a person's key and the log disagree.
    package enum Problem: String, Sendable {
        /// Sealed data, no erasure, no key.
        case missing
        /// Sealed data that the person's key does not open.
        case unreadable
        /// An erasure, and the key is still there.
        case outlived
        /// The keys say that the person was erased; the log does not.
        case unrecorded
    }

    /// One person's problem.
    package struct Finding: Sendable, Hashable {
        package let userId: String
        package let problem: Problem
        /// The entries with the sealed data, or the erasure: the first `Finding.sequencesMax` of `count`.
        package let sequences: [UInt64]
        package let count: UInt64

        package static let sequencesMax = 1_000

        package init(userId: String, problem: Problem, sequences: [UInt64], count: UInt64) {
            self.userId = userId
            self.problem = problem
            self.sequences = sequences
            self.count = count
        }
    }

    /// Persons who have sealed data in the log.
    package var persons: UInt64 = 0
    /// Persons whose erasure the log holds.
    package var erased: UInt64 = 0
    /// Sealed fields in the log.
    package var fields: UInt64 = 0
    /// By the person's id.
    package var findings: [Finding] = []
    /// The reason why the keys cannot be read; nothing was compared then.
    package var damage: String?

    package init() {}

    /// Indicates that keys and log agree.
    package var isSound: Bool { findings.isEmpty && damage == nil }

    /// `{damage?, erased, fields, findings: [{count, problem, sequences, userId}], persons}`.
    package func write(_ writer: inout CanonicalWriter) {
        func number(_ value: UInt64, _ writer: inout CanonicalWriter) { writer.int(Int64(clamping: value)) }
        writer.beginObject()
        if let damage {
            writer.key("damage")
            writer.string(damage)
        }
        writer.key("erased")
        number(erased, &writer)
        writer.key("fields")
        number(fields, &writer)
        writer.key("findings")
        writer.list(findings) { finding, writer in
            writer.beginObject()
            writer.key("count")
            number(finding.count, &writer)
            writer.key("problem")
            writer.string(finding.problem.rawValue)
            writer.key("sequences")
            writer.list(finding.sequences) { number($0, &$1) }
            writer.key("userId")
            writer.string(finding.userId)
            writer.endObject()
        }
        writer.key("persons")
        number(persons, &writer)
        writer.endObject()
    }
}

extension VerifyKeys.Finding {
    private static let sequencesShown = 10

    /// The finding as one of a verification.
    var bad: VerifyResult.Bad {
        let listed = sequences.prefix(Self.sequencesShown).map { "#\($0)" }.joined(separator: ", ")
        let entries = listed + (count > Self.sequencesShown ? " and \(count - UInt64(Self.sequencesShown)) more" : "")
        let (expected, found) =
            switch problem {
            case .missing: ("a key, for nobody erased the person", "none; sealed with it: \(entries)")
            case .unreadable: ("the key that sealed \(entries)", "another")
            case .outlived: ("no key since the erasure \(entries)", "the key")
            case .unrecorded: ("an entry `erasure.completed`", "an erasure that the keys alone know of")
            }
        return VerifyResult.Bad(
            sequence: sequences.first, what: "the key of `\(userId)`", expected: expected, found: found)
    }
}

extension VerifyResult {
    /// Takes what was found about the keys of persons; anything bad about them makes a good log's verdict FAIL.
    package mutating func add(_ keys: VerifyKeys) {
        self.keys = keys
        guard !keys.isSound else { return }
        if let damage = keys.damage {
            bad.append(
                Bad(sequence: nil, what: "the keys of persons", expected: "the file that was written", found: damage))
        }
        bad += keys.findings.prefix(max(0, Self.badMax - bad.count)).map(\.bad)
        guard verdict != .fail, verdict != .fork else { return }
        verdict = .fail
        reason = .keys
    }
}
