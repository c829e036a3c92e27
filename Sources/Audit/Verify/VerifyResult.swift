import JSON
import TransparencyLog

/// The result of a verification, with the fields that `verify --json` prints.
package struct VerifyResult: Sendable {
    /// The overall result.
    package enum Verdict: String, Sendable {
        /// Everything that was checked holds.
        case ok = "OK"
        /// Proven bad.
        case fail = "FAIL"
        /// Proven bad by two signatures of the log that cannot both be right.
        case fork = "FORK"
        /// Consistent, but older than a checkpoint seen before.
        case stale = "STALE"
        /// Some entries are not covered by a checkpoint, there is no checkpoint, or the last entry is torn.
        case incomplete = "INCOMPLETE"

        /// The exit code for a verdict.
        package var exitCode: Int32 {
            switch self {
            case .ok: 0
            case .fail, .fork: 1
            case .stale, .incomplete: 3
            }
        }
    }

    /// The kind of the first problem; the cases are those of the format page.
    package enum Reason: String, Sendable {
        case malformed, limit, origin, signature, form, order, chain, root, tiles, layout, truncated, duplicate
        case inclusion, fork, stale, uncovered, torn, checkpoint, recompute, damaged, witnesses, keys
    }

    /// One problem.
    package struct Bad: Hashable, Sendable {
        /// The entry's sequence; nil if the problem is not about one entry.
        package let sequence: UInt64?
        /// The thing that is wrong, in words.
        package let what: String
        /// The expected value; hashes in base64.
        package let expected: String
        /// The value found; hashes in base64.
        package let found: String

        package init(sequence: UInt64?, what: String, expected: String, found: String) {
            self.sequence = sequence
            self.what = what
            self.expected = expected
            self.found = found
        }
    }

    /// The largest number of problems listed.
    package static let badMax = 10_000

    /// The overall result.
    package var verdict: Verdict
    /// The kind of the first problem; nil for `OK`.
    package var reason: Reason?
    /// The number of entries read.
    package var entries: UInt64
    /// The size of the newest checkpoint, if it was accepted.
    package var size: UInt64?
    /// The problems: checkpoints first, then by sequence.
    package var bad: [Bad]
    /// The size of the largest checkpoint known to be right.
    package var lastGood: UInt64?
    /// The signed notes that prove a fork, for exporting.
    package var notes: [[UInt8]] = []
    /// The accounts, fines and users that bad entries touch.
    package var touched = VerifyTouched()
    /// The checkpoints whose signatures were verified.
    package var signatures = VerifySignatures.all
    /// What was found about the keys of persons; nil where they were not compared.
    package internal(set) var keys: VerifyKeys?
    /// The newest checkpoint's note, if it was accepted.
    package var checkpoint: [UInt8]?
    /// The witnesses of what was read; nil if none were asked for.
    package var witnesses: VerifyWitnesses?
    /// Evidence of a fork, which others can check without the log; nil if there is none.
    package var evidence: ForkEvidence?

    /// The result for a file that does not hold what was written to it; says nothing about its entries.
    static func damaged(_ what: String) -> VerifyResult {
        VerifyResult(
            verdict: .fail, reason: .damaged, entries: 0, size: nil,
            bad: [Bad(sequence: nil, what: "storage", expected: "the pages that were written", found: what)],
            lastGood: nil)
    }

    /// The object that `--json` prints, on one line without a line feed.
    package var json: String {
        var writer = CanonicalWriter()
        writer.beginObject()
        writer.key("bad")
        writer.list(bad) { Self.write($0, &$1) }
        writer.key("entries")
        Self.write(entries, &writer)
        if let keys {
            writer.key("keys")
            keys.write(&writer)
        }
        writer.key("lastGood")
        Self.write(lastGood, &writer)
        writer.key("notes")
        writer.beginArray()
        for note in notes { writer.string(String(decoding: note, as: UTF8.self)) }
        writer.endArray()
        writer.key("reason")
        if let reason { writer.string(reason.rawValue) } else { writer.null() }
        writer.key("signatures")
        writer.string(signatures.rawValue)
        writer.key("size")
        Self.write(size, &writer)
        writer.key("touched")
        touched.write(&writer)
        writer.key("verdict")
        writer.string(verdict.rawValue)
        if let witnesses {
            writer.key("witnesses")
            witnesses.write(&writer)
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func write(_ bad: Bad, _ writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("expected")
        writer.string(bad.expected)
        writer.key("found")
        writer.string(bad.found)
        writer.key("sequence")
        write(bad.sequence, &writer)
        writer.key("what")
        writer.string(bad.what)
        writer.endObject()
    }

    /// Writes a size; one beyond JSON's integers, as a signed note may claim, becomes the largest of them.
    private static func write(_ number: UInt64?, _ writer: inout CanonicalWriter) {
        guard let number else { return writer.null() }
        writer.int(min(Int64(clamping: number), Limits.integerMagnitudeMax))
    }
}

extension VerifyResult {
    /// The number of findings shown; `--json` has all.
    private static let findingsShown = 20

    /// The verdict for people, with the problems and the signed notes that prove a fork.
    package var text: String {
        var lines = [headline]
        for finding in bad.prefix(Self.findingsShown) {
            let place = finding.sequence.map { "entry \($0): " } ?? ""
            lines.append("  \(place)\(finding.what)")
            if !finding.expected.isEmpty { lines.append("    expected \(Self.shown(finding.expected))") }
            if !finding.found.isEmpty { lines.append("    found    \(Self.shown(finding.found))") }
        }
        if bad.count > Self.findingsShown {
            lines.append("  and \(bad.count - Self.findingsShown) more (--json has them)")
        }
        lines += touched.lines
        if let witnesses, let size = witnesses.size {
            lines.append("  witnessed up to \(size) entries: \(WitnessDemand.list(witnesses.names))")
        }
        if verdict != .ok {
            lines.append(lastGood.map { "  good up to a checkpoint of \($0) entries" } ?? "  no checkpoint is good")
        }
        for note in notes {
            lines += ["", "signed by the log:"]
            lines += String(decoding: note, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
        }
        return VisibleText.page(lines)
    }

    private var headline: String {
        var text = verdict.rawValue
        if let reason { text += " \(reason.rawValue)" }
        text += ": \(entries) entries read"
        if let size { text += ", the newest checkpoint signs \(size)" }
        if let keys, keys.damage == nil {
            text += "; \(keys.fields) sealed fields of \(keys.persons) persons compared with their keys"
        }
        return text
    }

    /// Shortens a base64 hash; any other text stays as it is.
    private static func shown(_ text: String) -> String {
        text.utf8.count == 44 && text.hasSuffix("=") ? EntryFormatter.shortened(hash: text) : text
    }
}

/// One problem with its reason, before the result is known.
struct VerifyFinding: Hashable, Sendable {
    let sequence: UInt64?
    let reason: VerifyResult.Reason
    let what: String
    let expected: String
    let found: String

    init(_ sequence: UInt64?, _ reason: VerifyResult.Reason, _ what: String, _ expected: String, _ found: String) {
        self.sequence = sequence
        self.reason = reason
        self.what = what
        self.expected = expected
        self.found = found
    }

    /// The finding for a checkpoint that was refused.
    init(_ error: NoteError, what: String, key: VerifierKey) {
        switch error {
        case .malformed(let why): self.init(nil, .malformed, what, "a note in strict form", why)
        case .limit(let why): self.init(nil, .limit, what, "a note within the limits", why)
        case .otherOrigin(let expected, let found): self.init(nil, .origin, what, expected, found)
        case .invalidSignature, .ambiguousKey:
            self.init(nil, .signature, what, "a signature by \(key)", "invalid signature")
        case .noTrustedSignature: self.init(nil, .signature, what, "a signature by \(key)", "no trusted signature")
        }
    }

    var bad: VerifyResult.Bad { VerifyResult.Bad(sequence: sequence, what: what, expected: expected, found: found) }
}

/// A broken link: the entry after `before` carries a hash other than that entry's.
struct VerifyLink: Sendable {
    /// The position of the earlier entry.
    let before: UInt64
    /// The earlier entry's leaf hash.
    let leaf: Hash256
    /// The hash that the later entry carries.
    let carried: Hash256
    /// The leaf hash of the later entry with the right hash in it.
    let corrected: Hash256

    /// The position of the later entry.
    var after: UInt64 { before + 1 }
}

/// A hash in a stored tile that differs from that of the entries below it.
struct VerifyTileDifference: Sendable {
    /// The position of the first entry below the hash.
    let sequence: UInt64
    /// The tile's level.
    let level: Int
    /// The hash computed from the entries, and the stored one; nil if there is none.
    let computed: Hash256
    let stored: Hash256?

    /// The tile's index at its level.
    var tile: UInt64 { sequence >> UInt64(8 * level + 8) }
}
