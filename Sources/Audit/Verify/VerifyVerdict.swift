import TransparencyLog

/// Derives the result from everything that was found.
struct VerifyVerdict {
    let key: VerifierKey
    let collected: VerifyCollector
    let reader: any VerifyReader
    /// The newest checkpoint's note, and the checkpoint in it.
    let note: [UInt8]?
    let newest: Result<Checkpoint, NoteError>?
    /// The checkpoint seen before.
    let seen: Checkpoint?
    let seenNote: [UInt8]?
    let isTorn: Bool

    private var checkpoint: Checkpoint? { newest.flatMap { try? $0.get() } }

    /// Indicates that the newest checkpoint's root is that of the entries.
    private var isSigned: Bool { checkpoint.map { collected.roots[$0.size] == $0.root } ?? false }

    /// The number of entries that the log's signatures vouch for as they were read.
    private var signedSize: UInt64 {
        let known = [isSigned ? checkpoint : nil, seen.flatMap { collected.roots[$0.size] == $0.root ? $0 : nil }]
        return known.compactMap { $0?.size }.reduce(collected.good?.size ?? 0, max)
    }

    func result(_ digests: [VerifyDigestRun]) throws(VerifyError) -> VerifyResult {
        let localisation = TamperLocalisation(
            collected: collected, reader: reader, checkpoint: checkpoint, isSigned: isSigned, signedSize: signedSize)
        var findings = localisation.entryFindings()
        findings += try VerifyDuplicates(reader: reader, entries: collected.entries).findings(digests)
        findings += sizeFindings(findings) + seenFindings()
        findings.sort { ($0.sequence ?? 0) < ($1.sequence ?? 0) }
        let (forks, evidence) = forks()
        let tops = checkpointFindings()
        var result = VerifyResult(
            verdict: .ok, reason: nil, entries: collected.entries, size: checkpoint?.size,
            bad: (forks + tops + findings).prefix(VerifyResult.badMax).map(\.bad), lastGood: nil,
            evidence: evidence, checkpoint: checkpoint == nil ? nil : note)
        (result.verdict, result.reason) = answer(forks, tops, findings)
        result.lastGood = try lastGood(findings)
        return result
    }

    private func answer(
        _ forks: [VerifyFinding], _ tops: [VerifyFinding], _ findings: [VerifyFinding]
    ) -> (VerifyResult.Verdict, VerifyResult.Reason?) {
        if !forks.isEmpty { return (.fork, .fork) }
        if let top = tops.first { return (.fail, top.reason) }
        let late: Set<VerifyResult.Reason> = [.truncated, .root, .tiles]
        if let first = findings.first(where: { !late.contains($0.reason) }) ?? findings.first {
            return (.fail, first.reason)
        }
        if isStale { return (.stale, .stale) }
        if isTorn { return (.incomplete, .torn) }
        guard let checkpoint else { return (.incomplete, .checkpoint) }
        return collected.entries > checkpoint.size ? (.incomplete, .uncovered) : (.ok, nil)
    }

    private var isStale: Bool {
        guard let seen else { return false }
        return seen.size > checkpoint?.size ?? 0
    }

    /// The checkpoints that are refused on their own, the newest first.
    private func checkpointFindings() -> [VerifyFinding] {
        var findings: [VerifyFinding] = []
        if case .failure(let error) = newest { findings.append(VerifyFinding(error, what: "checkpoint", key: key)) }
        let isRefused = !findings.isEmpty
        return findings + collected.refused.filter { !isRefused || $0.note != note }.map(\.finding)
    }

    /// Pairs of signatures of the log that cannot both be right: the checkpoint seen before or one of a commit, and a
    /// later one.
    private func forks() -> (findings: [VerifyFinding], notes: [[UInt8]]) {
        var findings: [VerifyFinding] = []
        var notes: [[UInt8]] = []
        let later = isSigned ? checkpoint.map { ($0.size, note ?? []) } : collected.good
        for bad in collected.contradicted {
            guard let later, later.0 > bad.checkpoint.size else { continue }
            add("checkpoint of \(bad.checkpoint.size) entries", bad.checkpoint, [bad.note, later.1])
        }
        if let seen, let seenNote {
            if let checkpoint, let note, checkpoint.size == seen.size, checkpoint.root != seen.root {
                findings.append(
                    VerifyFinding(nil, .fork, "checkpoint seen before", seen.root.base64, checkpoint.root.base64))
                notes += [seenNote, note]
            } else if let later, later.0 > seen.size, let root = collected.roots[seen.size], root != seen.root {
                add("checkpoint seen before", seen, [seenNote, later.1])
            }
        }
        return (findings, notes)

        func add(_ what: String, _ checkpoint: Checkpoint, _ evidence: [[UInt8]]) {
            let found = collected.roots[checkpoint.size]?.base64 ?? "another root"
            findings.append(VerifyFinding(nil, .fork, what, checkpoint.root.base64, found))
            notes += evidence
        }
    }

    /// Fewer entries than were signed, or a root that no broken link explains.
    private func sizeFindings(_ found: [VerifyFinding]) -> [VerifyFinding] {
        guard let checkpoint else { return [] }
        if collected.entries < checkpoint.size {
            if isTorn { return [] }
            let (expected, found) = ("\(checkpoint.size)", "\(collected.entries)")
            return [VerifyFinding(collected.entries, .truncated, "entries", expected, found)]
        }
        guard !isSigned else { return [] }
        // All links hold up to the last covered entry, so that is the one that was changed.
        let last = checkpoint.size == 0 ? nil : checkpoint.size - 1
        guard !found.contains(where: { $0.reason == .chain || $0.reason == .order || $0.sequence == last }) else {
            return []
        }
        let root = collected.roots[checkpoint.size] ?? emptyTreeHash
        return [VerifyFinding(last, .root, "root", checkpoint.root.base64, root.base64)]
    }

    /// Entries beyond the newest checkpoint that differ from those of the checkpoint seen before.
    private func seenFindings() -> [VerifyFinding] {
        guard let seen, seen.size > checkpoint?.size ?? 0, let root = collected.roots[seen.size], root != seen.root
        else {
            return []
        }
        return [VerifyFinding(seen.size - 1, .root, "root seen before", seen.root.base64, root.base64)]
    }

    /// The largest size on which a valid signature and the entries agree, with no problem below it.
    private func lastGood(_ findings: [VerifyFinding]) throws(VerifyError) -> UInt64? {
        let limit = min(findings.compactMap(\.sequence).min() ?? .max, collected.entries)
        var good: [UInt64] = []
        if isSigned, let checkpoint { good.append(checkpoint.size) }
        if let seen, collected.roots[seen.size] == seen.root { good.append(seen.size) }
        let bad = Set(collected.refused.map(\.size) + collected.contradicted.map(\.checkpoint.size))
        var commit = try reader.commit(notAbove: limit)
        while let size = commit, size > 0, bad.contains(size) { commit = try reader.commit(notAbove: size - 1) }
        if let commit { good.append(commit) }
        return good.filter { $0 <= limit }.max()
    }
}
