import TransparencyLog

/// Finds the entries that a broken link or a stored tile shows to have been changed.
struct TamperLocalisation {
    let collected: VerifyCollector
    let reader: any VerifyReader
    let checkpoint: Checkpoint?
    let isSigned: Bool
    /// The log's signatures cover the entries below this size as they were read.
    let signedSize: UInt64

    /// Findings about entries and tiles, from which the rest of the result is derived.
    func entryFindings() -> [VerifyFinding] {
        let proven = isSigned ? [] : provenByTiles()
        let accused = Set(proven.compactMap(\.sequence))
        let chain = proven + linkFindings(explained: accused)
        let changed = Set(chain.filter { $0.what == "leaf hash" }.compactMap(\.sequence))
        let others = collected.findings.filter { finding in
            guard finding.reason == .order, finding.what == "recordedtime", let sequence = finding.sequence else {
                return true
            }
            // Raising the time of an entry makes the next one appear to go back in time.
            return sequence < signedSize || sequence == 0 || !changed.contains(sequence - 1)
        }
        return others + chain + (isSigned ? tileFindings() : [])
    }

    /// Findings for broken links.
    ///
    /// If both entries are as they were signed, the later one carries a wrong hash. Otherwise the earlier one was
    /// changed, unless correcting the later one's hash satisfies the next link or the signed root.
    private func linkFindings(explained: Set<UInt64>) -> [VerifyFinding] {
        var findings: [VerifyFinding] = []
        var settled: UInt64?
        for (i, link) in collected.links.enumerated() {
            if link.after < signedSize {
                findings.append(wrongLink(link))
                continue
            }
            if settled == link.before || explained.contains(link.before) || explained.contains(link.after) { continue }
            let next = i + 1 < collected.links.count ? collected.links[i + 1] : nil
            if let next, next.before == link.after, next.carried == link.corrected {
                findings.append(wrongLink(link))
                settled = link.after
            } else if restoresRoot(link) {
                findings.append(wrongLink(link))
            } else {
                findings.append(
                    VerifyFinding(link.before, .chain, "leaf hash", link.carried.base64, link.leaf.base64))
            }
        }
        return findings
    }

    private func wrongLink(_ link: VerifyLink) -> VerifyFinding {
        VerifyFinding(link.after, .chain, "previoushash", link.leaf.base64, link.carried.base64)
    }

    private func restoresRoot(_ link: VerifyLink) -> Bool {
        guard let checkpoint, link.after + 1 == checkpoint.size, let pieces = collected.keptPieces else { return false }
        // The subtrees of all entries but the last, joined with the corrected last one.
        return VerifyCollector.root(joined(pieces, link.corrected, checkpoint.size - 1)) == checkpoint.root
    }

    private func joined(_ pieces: VerifyPieces, _ leaf: Hash256, _ size: UInt64) -> VerifyPieces {
        var pieces = pieces, hash = leaf, size = size
        while size & 1 == 1, let left = pieces.popLast() {
            hash = nodeHash(left, hash)
            size >>= 1
        }
        return pieces + [hash]
    }

    /// Entries whose stored leaf hash leads to the signed root while their own does not.
    private func provenByTiles() -> [VerifyFinding] {
        guard let checkpoint else { return [] }
        var nodes = TileNodes<VerifyTileMissing> { level, index, width throws(VerifyTileMissing) in
            guard let tile = try? reader.tile(level, index, width), tile.count >= width else {
                throw VerifyTileMissing()
            }
            return tile
        }
        var findings: [VerifyFinding] = []
        for difference in collected.differences where difference.level == 0 {
            guard let stored = difference.stored, difference.sequence < checkpoint.size else { continue }
            let proof = try? InclusionProof.make(index: difference.sequence, size: checkpoint.size) {
                (level, index) throws(VerifyTileMissing) in try nodes.node(level, index)
            }
            guard let proof, (try? proof.root(leaf: stored, size: checkpoint.size)) == checkpoint.root else { continue }
            findings.append(
                VerifyFinding(
                    difference.sequence, .chain, "leaf hash", stored.base64, difference.computed.base64))
        }
        return findings
    }

    /// Stored tiles that do not match the entries, though the entries are as they were signed.
    ///
    /// Each hash is compared with that of the entries below it, never with another tile: a damaged tile accuses itself.
    private func tileFindings() -> [VerifyFinding] {
        collected.differences.filter(isWrong).map { difference in
            let what = "tile \(difference.level)/\(difference.tile)"
            let found = difference.stored?.base64 ?? "none"
            return VerifyFinding(difference.sequence, .tiles, what, difference.computed.base64, found)
        } + upperTileFindings()
    }

    /// Returns false for a hash that is not there because its tile still grows.
    private func isWrong(_ difference: VerifyTileDifference) -> Bool {
        if difference.stored != nil || !reader.growingTilesMayLag { return true }
        return (difference.tile + 1) << 8 <= collected.entries >> UInt64(8 * difference.level)
    }

    /// Checks tiles of level 2 and above.
    private func upperTileFindings() -> [VerifyFinding] {
        var findings: [VerifyFinding] = []
        for (node, hash) in collected.upper where findings.count < VerifyResult.badMax {
            let level = node.level / 8, offset = Int(node.index & 255)
            guard let tile = try? reader.tile(level, node.index >> 8, offset + 1) else { continue }
            let difference = VerifyTileDifference(
                sequence: node.index << UInt64(node.level), level: level, computed: hash,
                stored: offset < tile.count ? tile[offset] : nil)
            guard difference.stored != hash, isWrong(difference) else { continue }
            findings.append(
                VerifyFinding(
                    difference.sequence, .tiles, "tile \(level)/\(difference.tile)", hash.base64,
                    difference.stored?.base64 ?? "none"))
        }
        return findings
    }
}

/// A tile that is missing or too short.
struct VerifyTileMissing: Error {}
