import JSON
import TransparencyLog

extension Verifier {
    /// A verifier that trusts a key given as text: `name+hash+base64`.
    /// - Parameter since: a checkpoint's note that was seen before.
    package init(trusting key: String, since: [UInt8]? = nil) throws(ReadingError) {
        do throws(NoteError) { self.init(key: try VerifierKey(key), since: since) } catch {
            throw ReadingError("`\(key)` is not a verifier key: \(error)")
        }
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
        text.utf8.count == 44 && text.hasSuffix("=") ? Layout.shortened(hash: text) : text
    }
}
