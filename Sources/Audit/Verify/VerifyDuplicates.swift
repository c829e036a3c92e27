/// Finds entries with one source and id from sorted digests, comparing candidates in full.
struct VerifyDuplicates {
    let reader: any VerifyReader
    /// How many entries count; digests of later ones are left out.
    let entries: UInt64

    func findings(_ runs: [VerifyDigestRun]) throws(VerifyError) -> [VerifyFinding] {
        var merge = try VerifyDigestMerge(runs)
        var findings: [VerifyFinding] = []
        var group: [VerifyDigest] = []
        while let digest = try merge.next() {
            guard digest.place < entries else { continue }
            if let first = group.first, !first.isSame(as: digest) {
                if group.count > 1 { try compare(group, &findings) }
                group.removeAll(keepingCapacity: true)
            }
            if group.count < VerifyResult.badMax { group.append(digest) }
        }
        if group.count > 1 { try compare(group, &findings) }
        return findings
    }

    private func compare(_ group: [VerifyDigest], _ findings: inout [VerifyFinding]) throws(VerifyError) {
        var seen: [(place: UInt64, source: [UInt8], id: [UInt8])] = []
        for digest in group where findings.count < VerifyResult.badMax {
            guard let bytes = try reader.entry(digest.locator),
                let (source, id) = VerifyEntryReader.identity(bytes)
            else { continue }
            if let first = seen.first(where: { $0.source == source && $0.id == id }) {
                let pair = "\(String(decoding: source, as: UTF8.self)) \(String(decoding: id, as: UTF8.self))"
                for (place, other) in [(first.place, digest.place), (digest.place, first.place)] {
                    let found = "also entry \(other): \(pair)"
                    findings.append(VerifyFinding(place, .duplicate, "source and id", "once", found))
                }
            } else {
                seen.append((digest.place, source, id))
            }
        }
    }
}
