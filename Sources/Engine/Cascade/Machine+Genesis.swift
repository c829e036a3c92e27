package import AgentKit
import JSON
package import Rules

extension Machine {
    /// Rule files are recorded in parts of at most 32 KiB of text.
    static let rulePartBytesMax = 32 * 1024
    /// What a part may take in an entry, escapes included.
    static let rulePartEscapedBytesMax = 60_000

    /// Appends the first entries: what ledger this is, the files of its rule set, and its activation.
    package func begin(with ruleSet: RuleSet, at time: Instant) {
        adopt(ruleSet)
        appendGenesis("ledger.created", subject: nil, at: time) { writer in
            writer.key("clock")
            writer.string(settings.clock.rawValue)
            writer.key("format")
            writer.int(1)
            writer.key("origin")
            writer.string(settings.origin)
            writer.key("verifierKey")
            writer.string(settings.verifierKey)
        }
        activate(ruleSet, at: time)
    }

    /// Records the files that the log does not hold yet, and the activation.
    private func activate(_ ruleSet: RuleSet, at time: Instant) {
        let files = ruleSet.files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for file in files {
            let digest = ruleSet.fileDigests[file.name] ?? ""
            guard !state.ruleFiles.contains(digest) else { continue }
            let parts = Self.parts(of: file.text)
            for (index, part) in parts.enumerated() {
                appendGenesis("ruleset.file.added", subject: file.name, at: time) { writer in
                    writer.key("content")
                    writer.string(String(decoding: part, as: UTF8.self))
                    writer.key("digest")
                    writer.string(digest)
                    writer.key("file")
                    writer.string(file.name)
                    writer.key("part")
                    writer.int(Int64(index + 1))
                    writer.key("parts")
                    writer.int(Int64(parts.count))
                }
            }
        }
        appendGenesis("ruleset.activated", subject: ruleSet.digest, at: time) { writer in
            writer.key("digest")
            writer.string(ruleSet.digest)
            writer.key("engine")
            writer.int(Self.engineNumber)
            writer.key("files")
            writer.beginObject()
            for file in files {
                writer.key(file.name)
                writer.string(ruleSet.fileDigests[file.name] ?? "")
            }
            writer.endObject()
        }
    }

    private func appendGenesis(
        _ name: String, subject: String?, at time: Instant, _ body: (inout CanonicalWriter) -> Void
    ) {
        guard let type = ruleSet?.eventType(named: name) else { preconditionFailure("no type `\(name)`") }
        let start = mark()
        let sequence = next
        var data = CanonicalWriter(capacity: 1024)
        data.beginObject()
        body(&data)
        data.endObject()
        unsafe data.withBytes { data in
            unsafe composer.trigger(
                type: name, subject: subject, data: data, authority: "ledger", source: "/engine", cause: nil,
                at: sequence, time: time, after: chain)
        }
        appendComposed(type: type, depth: 0, time: time)
        if let subject { state.subjects[subject] = SubjectRow(last: sequence) }
        let head = CascadeHead(recordedTime: time, correlation: sequence.padded, traceParent: nil, subject: subject)
        _ = runCascade(from: start, head: head)
    }

    /// Splits a text between characters into parts that fit into entries.
    static func parts(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var escaped = 0
        for (index, byte) in text.enumerated() {
            let isBoundary = byte & 0xC0 != 0x80
            if isBoundary, index - start > rulePartBytesMax - 4 || escaped > rulePartEscapedBytesMax {
                parts.append(text[start..<index])
                start = index
                escaped = 0
            }
            escaped += byte < 0x20 ? 6 : byte == 0x22 || byte == 0x5C ? 2 : 1
        }
        if start < text.count || parts.isEmpty { parts.append(text[start...]) }
        return parts
    }

    /// The files of a rule set that the log holds, as they were written; nil where it holds no such set.
    package func ruleFiles(of digest: String) -> [RuleFile]? {
        guard let row = state.ruleSets[digest] else { return nil }
        var files: [RuleFile] = []
        for (name, digest) in row.files.sorted(by: { $0.key < $1.key }) {
            guard let parts = state.ruleFiles[digest]?.parts else { return nil }
            var text: [UInt8] = []
            for part in parts {
                guard let content = recorded(part)?.root["data"]?["content"]?.string else { return nil }
                text.append(contentsOf: content.utf8)
            }
            files.append(RuleFile(name: name, text: text))
        }
        return files
    }

    /// The digest of the rule set that the folded entries put in force.
    package var activeRuleSet: String? { state.engine[EngineState.only]?.ruleSet }

    /// Every rule set that was in force, oldest first.
    package var ruleSetHistory: [(digest: String, activated: EntrySequence, since: Instant)] {
        var rows: [RuleSetRow] = []
        state.ruleSets.forEachKey { key in
            if let row = state.ruleSets[key] { rows.append(row) }
            return true
        }
        return rows.sorted { $0.activated < $1.activated }.map { ($0.digest, $0.activated, $0.since) }
    }
}
