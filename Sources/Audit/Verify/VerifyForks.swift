import TransparencyLog

/// Signatures of the log that cannot both be right: those of its commits, its newest checkpoint, and the checkpoints
/// and receipts that somebody outside holds.
struct VerifyForks {
    private(set) var findings: [VerifyFinding] = []
    /// The signed notes that prove it, each once.
    private(set) var notes: [[UInt8]] = []
    /// The contradictions from which evidence is made.
    private(set) var found: [FoundFork] = []
    /// The smallest size that is contradicted.
    private(set) var smallest = UInt64.max
    /// Indicates that a checkpoint held outside is contradicted: then those of the log prove nothing either.
    private(set) var isAgainstPin = false
    /// The size up to which a signature vouches for the entries as they were read.
    private let signed: (size: UInt64, note: [UInt8])?

    private let collected: VerifyCollector
    private let pins: [VerifyPin]

    init(
        _ collected: VerifyCollector, _ pins: [VerifyPin], newest: (checkpoint: Checkpoint, note: [UInt8])?,
        isSigned: Bool, reader: any VerifyReader
    ) throws(VerifyError) {
        self.collected = collected
        self.pins = pins
        signed = isSigned ? newest.map { ($0.checkpoint.size, $0.note) } : collected.good
        for bad in collected.contradicted {
            guard let signed, signed.size > bad.checkpoint.size else { continue }
            add("checkpoint of \(bad.checkpoint.size) entries", bad.checkpoint, nil, [bad.note, signed.note])
        }
        for (i, pin) in pins.enumerated() {
            for other in pins[..<i] { compare(pin, other.checkpoint, other.note) }
            if let newest { compare(pin, newest.checkpoint, newest.note) }
            try compareWithEntries(pin, reader, newest: newest?.checkpoint.size)
            compareReceipt(pin)
        }
        compareClaims()
    }

    private mutating func compare(_ pin: VerifyPin, _ other: Checkpoint, _ note: [UInt8]) {
        guard pin.checkpoint.size == other.size, pin.checkpoint.root != other.root else { return }
        add(pin.what, pin.checkpoint, other.root, [pin.note, note])
        isAgainstPin = true
    }

    /// Compares a checkpoint with the entries that the log signed later: with the commit of the same size if there is
    /// one, for then the two notes alone are the proof.
    private mutating func compareWithEntries(
        _ pin: VerifyPin, _ reader: any VerifyReader, newest: UInt64?
    ) throws(VerifyError) {
        let size = pin.checkpoint.size
        guard let signed, signed.size >= size, size != newest, let root = collected.roots[size],
            root != pin.checkpoint.root
        else { return }
        let commit = size == 0 ? nil : try reader.checkpoints(size...size, most: 1).first?.note
        let isSame = commit.map { Self.isRoot(root, $0, pin.checkpoint) } ?? false
        add(pin.what, pin.checkpoint, root, [pin.note, isSame ? commit ?? signed.note : signed.note])
        isAgainstPin = true
    }

    private static func isRoot(_ root: Hash256, _ note: [UInt8], _ pinned: Checkpoint) -> Bool {
        guard let note = try? SignedNote(note), let checkpoint = try? Checkpoint(text: note.text) else { return false }
        return checkpoint.size == pinned.size && checkpoint.root == root
    }

    /// Compares the hashes in a receipt with the subtrees of the entries, where a signature covers both: so a log that
    /// is shorter than the receipt's checkpoint is found out too.
    private mutating func compareReceipt(_ pin: VerifyPin) {
        guard let signed, let leaf = pin.leaf(among: collected.nodes), pin.proves(leaf) else { return }
        let evidence = [pin.note, signed.note]
        for (node, hash) in pin.nodes {
            guard let end = node.end, end <= signed.size, let other = collected.nodes[node], other != hash else {
                continue
            }
            let isEntry = node.level == 0 && hash == pin.carried
            guard isEntry || !evidence.allSatisfy({ notes.contains($0) }) else { continue }
            findings.append(
                VerifyFinding(
                    isEntry ? node.index : nil, .fork, isEntry ? "receipt's entry" : "receipt's hashes", hash.base64,
                    other.base64))
            take(evidence, size: min(pin.checkpoint.size, signed.size))
            found.append(.receipt(pin, leaf: leaf, node: node, second: signed.note))
            isAgainstPin = true
        }
    }

    /// Compares the receipts with one another.
    private mutating func compareClaims() {
        var claims: [VerifyNode: (hash: Hash256, leaf: Hash256, pin: VerifyPin)] = [:]
        for pin in pins {
            guard let leaf = pin.leaf(among: collected.nodes), pin.proves(leaf) else { continue }
            for (node, hash) in pin.nodes {
                guard let claim = claims.updateValue((hash, leaf, pin), forKey: node), claim.hash != hash,
                    ![claim.pin.note, pin.note].allSatisfy({ notes.contains($0) })
                else { continue }
                findings.append(
                    VerifyFinding(nil, .fork, "hashes of two receipts", claim.hash.base64, hash.base64))
                take([claim.pin.note, pin.note], size: pin.checkpoint.size)
                found.append(.receipts(claim.pin, leaf: claim.leaf, pin, otherLeaf: leaf, node: node))
                isAgainstPin = true
            }
        }
    }

    private mutating func add(_ what: String, _ checkpoint: Checkpoint, _ root: Hash256?, _ evidence: [[UInt8]]) {
        let found = (root ?? collected.roots[checkpoint.size])?.base64 ?? "another root"
        let finding = VerifyFinding(nil, .fork, what, checkpoint.root.base64, found)
        if !findings.contains(finding) { findings.append(finding) }
        self.found.append(.checkpoints(first: evidence[0], second: evidence[1]))
        take(evidence, size: checkpoint.size)
    }

    private mutating func take(_ evidence: [[UInt8]], size: UInt64) {
        for note in evidence where !notes.contains(note) { notes.append(note) }
        smallest = min(smallest, size)
    }
}

extension VerifyPin {
    /// The leaf hash that the receipt is about: of the entry in it, else of the entry that was read.
    func leaf(among nodes: [VerifyNode: Hash256]) -> Hash256? {
        guard let proof else { return nil }
        return carried ?? nodes[VerifyNode(level: 0, index: proof.index)]
    }

    /// The finding for a receipt that does not lead to its own checkpoint's root, or carries another entry than the
    /// log.
    func inclusionFinding(among nodes: [VerifyNode: Hash256]) -> VerifyFinding? {
        guard let proof else { return nil }
        func bad(_ what: String, _ expected: String, _ found: String) -> VerifyFinding {
            VerifyFinding(proof.index, .inclusion, what, expected, found)
        }
        let leaf = leaf(among: nodes)
        do throws(ProofError) {
            let root = try proof.root(leaf: leaf ?? Hash256(), size: checkpoint.size)
            if leaf != nil, root != checkpoint.root {
                return bad("receipt's root", checkpoint.root.base64, root.base64)
            }
        } catch {
            switch error {
            case .length(let expected, let found): return bad("receipt", "\(expected) hashes", "\(found)")
            default: return bad("receipt", "an index below \(checkpoint.size)", "\(proof.index)")
            }
        }
        guard let carried, let read = nodes[VerifyNode(level: 0, index: proof.index)], read != carried else {
            return nil
        }
        return bad("receipt's entry", carried.base64, read.base64)
    }
}
