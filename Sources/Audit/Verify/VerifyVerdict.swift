import TransparencyLog

/// Derives the result from everything that was found.
struct VerifyVerdict {
    let key: VerifierKey
    let collected: VerifyCollector
    let reader: any VerifyReader
    /// The newest checkpoint's note, and the checkpoint in it.
    let note: [UInt8]?
    let newest: Result<Checkpoint, NoteError>?
    /// The checkpoints seen before and the receipts.
    let pins: [VerifyPin]
    /// Findings about receipts that are refused on their own.
    let refusedReceipts: [VerifyFinding]
    let isTorn: Bool

    /// Reasons that count only where no entry is bad, in this order.
    private static let lateReasons: [VerifyResult.Reason] = [.truncated, .root, .tiles, .layout, .inclusion]
    /// Reasons of findings that do not accuse the entry that they name.
    private static let harmlessReasons: Set<VerifyResult.Reason> = [.truncated, .tiles, .inclusion, .layout]

    private var checkpoint: Checkpoint? { newest.flatMap { try? $0.get() } }

    /// Indicates that the newest checkpoint's root is that of the entries.
    private var isSigned: Bool { checkpoint.map { collected.roots[$0.size] == $0.root } ?? false }

    /// The pins that the entries agree with.
    private var goodPins: [VerifyPin] { pins.filter { collected.roots[$0.checkpoint.size] == $0.checkpoint.root } }

    /// The number of entries that signatures vouch for as they were read.
    private var signedSize: UInt64 {
        let known = (isSigned ? checkpoint.map { [$0.size] } ?? [] : []) + goodPins.map(\.checkpoint.size)
        return known.reduce(collected.good?.size ?? 0, max)
    }

    /// The largest number of entries that the log has or is known to have had: tiles may be left of a tail that is gone.
    private var sizeKnown: UInt64 {
        pins.map(\.checkpoint.size).reduce(max(collected.entries, checkpoint?.size ?? 0), max)
    }

    /// The result, the sequences of the entries that it accuses, and the contradictions of the log's signatures.
    func result(
        _ digests: [VerifyDigestRun]
    ) throws(VerifyError) -> (VerifyResult, accused: Set<UInt64>, forks: [FoundFork]) {
        let localisation = TamperLocalisation(
            collected: collected, reader: reader, checkpoint: checkpoint, isSigned: isSigned, signedSize: signedSize)
        var findings = localisation.entryFindings()
        findings += try VerifyDuplicates(reader: reader, entries: collected.entries).findings(digests)
        findings += sizeFindings(findings)
        findings += try reader.strays(size: sizeKnown, key: key)
        let forks = try VerifyForks(
            collected, pins, newest: checkpoint.flatMap { checkpoint in note.map { (checkpoint, $0) } },
            isSigned: isSigned, reader: reader)
        let forked = Set(forks.findings.compactMap(\.sequence))
        findings += pinFindings().filter { !($0.what == "receipt's entry" && forked.contains($0.sequence ?? .max)) }
        findings.sort { ($0.sequence ?? 0) < ($1.sequence ?? 0) }
        let tops = try checkpointFindings() + refusedReceipts
        var result = VerifyResult(
            verdict: .ok, reason: nil, entries: collected.entries, size: checkpoint?.size,
            bad: (forks.findings + tops + findings).prefix(VerifyResult.badMax).map(\.bad), lastGood: nil,
            notes: forks.notes, checkpoint: checkpoint == nil ? nil : note)
        (result.verdict, result.reason) = answer(forks.findings, tops, findings)
        result.lastGood = try lastGood(findings, forks)
        let accused = (forks.findings + findings).filter { !Self.harmlessReasons.contains($0.reason) }
        return (result, Set(accused.compactMap(\.sequence)), forks.found)
    }

    private func answer(
        _ forks: [VerifyFinding], _ tops: [VerifyFinding], _ findings: [VerifyFinding]
    ) -> (VerifyResult.Verdict, VerifyResult.Reason?) {
        if !forks.isEmpty { return (.fork, .fork) }
        if let top = tops.first { return (.fail, top.reason) }
        if let first = findings.first(where: { !Self.lateReasons.contains($0.reason) }) { return (.fail, first.reason) }
        if let late = Self.lateReasons.first(where: { late in findings.contains { $0.reason == late } }) {
            return (.fail, late)
        }
        if pins.contains(where: { $0.checkpoint.size > checkpoint?.size ?? 0 }) { return (.stale, .stale) }
        if isTorn { return (.incomplete, .torn) }
        guard let checkpoint else { return (.incomplete, .checkpoint) }
        return collected.entries > checkpoint.size ? (.incomplete, .uncovered) : (.ok, nil)
    }

    /// The checkpoints that are refused on their own, the newest first.
    private func checkpointFindings() throws(VerifyError) -> [VerifyFinding] {
        var findings: [VerifyFinding] = []
        if case .failure(let error) = newest { findings.append(VerifyFinding(error, what: "checkpoint", key: key)) }
        let isRefused = !findings.isEmpty
        findings += collected.refused.filter { !isRefused || $0.note != note }.map(\.finding)
        for (size, other) in try reader.checkpoints((collected.entries + 1)...(.max), most: VerifyResult.badMax)
        where size != checkpoint?.size && (!isRefused || other != note) {
            let commit = VerifyCommit(size: size, note: other, end: Hash256())
            if let finding = commit.refusal(key: key) { findings.append(finding) }
        }
        return findings
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

    /// Entries beyond the newest checkpoint that differ from those of one seen before, and receipts that prove nothing.
    private func pinFindings() -> [VerifyFinding] {
        pins.flatMap { pin -> [VerifyFinding] in
            var findings: [VerifyFinding] = []
            let (size, root) = (pin.checkpoint.size, pin.checkpoint.root)
            if size > checkpoint?.size ?? 0, let found = collected.roots[size], found != root {
                findings.append(VerifyFinding(size - 1, .root, "root seen before", root.base64, found.base64))
            }
            return findings + (pin.inclusionFinding(among: collected.nodes).map { [$0] } ?? [])
        }
    }

    /// The largest size on which a valid signature and the entries agree, with no problem below it.
    ///
    /// Once the log's signatures are proven to contradict each other its own say nothing from there on, and nothing at
    /// all where they contradict what somebody outside holds: only another checkpoint held outside does.
    private func lastGood(_ findings: [VerifyFinding], _ forks: VerifyForks) throws(VerifyError) -> UInt64? {
        let first = findings.filter { $0.reason != .inclusion }.compactMap(\.sequence).min() ?? .max
        let limit = min(first, collected.entries, forks.smallest == .max ? .max : forks.smallest - 1)
        var good = goodPins.map(\.checkpoint.size)
        if !forks.isAgainstPin {
            if isSigned, let checkpoint { good.append(checkpoint.size) }
            let bad = Set(collected.refused.map(\.size) + collected.contradicted.map(\.checkpoint.size))
            var commit = try reader.commit(notAbove: limit)
            while let size = commit, size > 0, bad.contains(size) { commit = try reader.commit(notAbove: size - 1) }
            if let commit, commit > 0 { good.append(commit) }
        }
        return good.filter { $0 <= limit }.max()
    }
}
