package import AgentKit
import JSON
package import Rules

extension Machine {
    /// Rule files are recorded in parts of at most 32 KiB of text.
    static let rulePartBytesMax = 32 * 1024
    /// What a part may take in an entry, escapes included.
    static let rulePartEscapedBytesMax = 60_000

    /// Records the files that the log does not hold yet, and the activation. With a later `effectiveFrom` the rule set
    /// in force stays until the clock reaches it.
    package func activate(
        _ ruleSet: RuleSet, at time: Instant, by authority: String, effectiveFrom: Instant?
    ) {
        adoptDue(by: time)
        let files = ruleSet.files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for file in files {
            let digest = ruleSet.fileDigests[file.name] ?? ""
            guard !state.ruleFiles.contains(digest) else { continue }
            let parts = Self.parts(of: file.text)
            for (index, part) in parts.enumerated() {
                appendLedgerEntry("ruleset.file.added", subject: file.name, by: authority, at: time) { writer in
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
        appendLedgerEntry("ruleset.activated", subject: ruleSet.digest, by: authority, at: time) { writer in
            writer.key("digest")
            writer.string(ruleSet.digest)
            if let effectiveFrom {
                writer.key("effectiveFrom")
                writer.string(effectiveFrom.text)
            }
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
        if let effectiveFrom, effectiveFrom > time {
            waiting[ruleSet.digest] = ruleSet
        } else if ruleSet !== self.ruleSet {
            adopt(ruleSet)
        }
    }

    /// Puts the rule set in force whose time has come.
    func adoptDue(by time: Instant) {
        guard state.mayHaveNextRuleSet, let row = state.engine[EngineState.only] else { return }
        guard let digest = row.nextRuleSet, let from = row.nextFrom else {
            state.mayHaveNextRuleSet = false
            return
        }
        guard from <= time else { return }
        state.engine.update(EngineState.only) {
            $0.ruleSet = digest
            $0.nextRuleSet = nil
            $0.nextFrom = nil
        }
        if let ruleSet = waiting.removeValue(forKey: digest) { return adopt(ruleSet) }
        guard let files = ruleFiles(of: digest), let ruleSet = try? RuleSet.load(files: files, host: ruleHost) else {
            preconditionFailure("rule set `\(digest)` was checked before it was recorded")
        }
        adopt(ruleSet)
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
