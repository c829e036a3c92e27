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
    private func tileFindings() -> [VerifyFinding] {
        collected.differences.map { difference in
            let what = "tile \(difference.level)/\(difference.sequence >> UInt64(8 * difference.level + 8))"
            let found = difference.stored?.base64 ?? "none"
            return VerifyFinding(difference.sequence, .tiles, what, difference.computed.base64, found)
        } + upperTileFindings()
    }

    /// Checks tiles of level 2 and above, comparing each hash with the tile below it.
    private func upperTileFindings() -> [VerifyFinding] {
        guard let size = checkpoint?.size else { return [] }
        var findings: [VerifyFinding] = []
        for level in 2..<8 where size >> UInt64(8 * level) > 0 {
            for index in 0..<(size >> UInt64(8 * level)) where findings.count < VerifyResult.badMax {
                let offset = Int(index & 255)
                guard let below = try? reader.tile(level - 1, index, 256),
                    let tile = try? reader.tile(level, index >> 8, offset + 1), below.count == 256
                else { continue }
                let computed = Subtree.root(size: 256) { height, i in Self.subtree(below, height, i) }
                let stored = offset < tile.count ? tile[offset] : nil
                guard stored != computed else { continue }
                findings.append(
                    VerifyFinding(
                        index << UInt64(8 * level), .tiles, "tile \(level)/\(index >> 8)", computed.base64,
                        stored?.base64 ?? "none"))
            }
        }
        return findings
    }

    private static func subtree(_ hashes: [Hash256], _ height: Int, _ index: UInt64) -> Hash256 {
        var row = Array(hashes[(Int(index) << height)..<((Int(index) + 1) << height)])
        while row.count > 1 { row = (0..<(row.count / 2)).map { nodeHash(row[2 * $0], row[2 * $0 + 1]) } }
        return row[0]
    }
}

/// A tile that is missing or too short.
struct VerifyTileMissing: Error {}
