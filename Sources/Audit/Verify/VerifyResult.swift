import JSON
import TransparencyLog

/// What a verification found, with the fields that `verify --json` prints.
package struct VerifyResult: Sendable {
    /// The answer in a word.
    package enum Verdict: String, Sendable {
        /// Everything that was checked holds.
        case ok = "OK"
        /// Proven bad.
        case fail = "FAIL"
        /// Proven bad by two signatures of the log that cannot both be right.
        case fork = "FORK"
        /// Consistent, but older than a checkpoint that was seen before.
        case stale = "STALE"
        /// Entries that no checkpoint covers, no checkpoint, or a torn tail.
        case incomplete = "INCOMPLETE"

        /// The exit code of a verifier.
        package var exitCode: Int32 {
            switch self {
            case .ok: 0
            case .fail, .fork: 1
            case .stale, .incomplete: 3
            }
        }
    }

    /// Why, in a word; the cases are those of the format page.
    package enum Reason: String, Sendable {
        case malformed, limit, origin, signature, form, order, chain, root, tiles, truncated, duplicate, fork, stale
        case uncovered, torn, checkpoint, recompute, damaged
    }

    /// One thing that is not as it must be.
    package struct Bad: Hashable, Sendable {
        /// The entry, or nil where the finding is of none.
        package let sequence: UInt64?
        /// What is wrong, in words.
        package let what: String
        /// What should be there; hashes in base64.
        package let expected: String
        /// What is there.
        package let found: String

        /// A finding of its parts.
        package init(sequence: UInt64?, what: String, expected: String, found: String) {
            self.sequence = sequence
            self.what = what
            self.expected = expected
            self.found = found
        }
    }

    /// The most findings that are listed.
    package static let badMax = 10_000

    /// The answer.
    package var verdict: Verdict
    /// Why; nil for `OK`.
    package var reason: Reason?
    /// How many entries were read.
    package var entries: UInt64
    /// The size of the newest checkpoint, where that was accepted.
    package var size: UInt64?
    /// What is wrong, checkpoints first, then by sequence.
    package var bad: [Bad]
    /// The size of the largest checkpoint that is known to be right.
    package var lastGood: UInt64?
    /// The signed notes that prove a fork, for exporting.
    package var evidence: [[UInt8]] = []
    /// The newest checkpoint's note, where it was accepted: for counting witnesses.
    package var checkpoint: [UInt8]?

    /// The answer on a file that does not hold what was written to it; nothing is said of its entries.
    static func damaged(_ what: String) -> VerifyResult {
        VerifyResult(
            verdict: .fail, reason: .damaged, entries: 0, size: nil,
            bad: [Bad(sequence: nil, what: "storage", expected: "the pages that were written", found: what)],
            lastGood: nil)
    }

    /// The object that `--json` prints, in one line without a line feed.
    package var json: String {
        var writer = CanonicalWriter()
        writer.beginObject()
        writer.key("bad")
        writer.beginArray()
        for bad in bad { Self.write(bad, &writer) }
        writer.endArray()
        writer.key("entries")
        Self.write(entries, &writer)
        writer.key("lastGood")
        Self.write(lastGood, &writer)
        writer.key("reason")
        if let reason { writer.string(reason.rawValue) } else { writer.null() }
        writer.key("size")
        Self.write(size, &writer)
        writer.key("verdict")
        writer.string(verdict.rawValue)
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

    /// A size that a signed text may give can be above what JSON numbers hold; it is written as the largest.
    private static func write(_ number: UInt64?, _ writer: inout CanonicalWriter) {
        guard let number else { return writer.null() }
        writer.int(min(Int64(clamping: number), Limits.integerMagnitudeMax))
    }
}

extension VerifyResult {
    /// Findings that are shown; `--json` has all.
    private static let findingsShown = 20

    /// The verdict for reading, what is wrong, and the signed notes that prove a fork.
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
        if verdict != .ok {
            lines.append(lastGood.map { "  good up to a checkpoint of \($0) entries" } ?? "  no checkpoint is good")
        }
        for note in evidence {
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
        return text
    }

    /// Hashes shortened, anything else as it is.
    private static func shown(_ text: String) -> String {
        text.utf8.count == 44 && text.hasSuffix("=") ? EntryFormatter.shortened(hash: text) : text
    }
}

/// One thing that is not as it must be, with its reason, before the whole is known.
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

    /// What a refused checkpoint gives.
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

/// A broken link: the entry after `before` carries another hash than that entry's.
struct VerifyLink: Sendable {
    /// The place of the entry before.
    let before: UInt64
    /// Its leaf hash.
    let leaf: Hash256
    /// The hash that the entry after it carries.
    let carried: Hash256
    /// The leaf hash that the entry after it would have if it carried the right one.
    let mended: Hash256

    /// The place of the entry after.
    var after: UInt64 { before + 1 }
}

/// A hash in a stored tile that is not that of the entries below it.
struct VerifyTileDifference: Sendable {
    /// The first entry below the hash.
    let sequence: UInt64
    /// The level of tiles.
    let level: Int
    /// The hash of the entries; the stored one, or nil where there is none.
    let computed: Hash256
    let stored: Hash256?
}
