package import EventLog
import JSON
import TransparencyLog

/// A copy of a log that is served elsewhere: in rounds, each of which reads the newest checkpoint and what it covers.
///
/// 1. The checkpoint must be one that the trusted key signed.
/// 2. It must continue the one that is held: the tiles of the source give the proof. Where they prove the contrary, that
///    is evidence against the log's operator (`ForkEvidence`), and where it is older than the one held it was set back.
///    Then it must be cosigned as is asked (`WitnessDemand`).
/// 3. The entries behind those held are read, each with the hash of the one before; they must give the signed root.
///    Only then they are kept, with the log's own note (`EventLog.appendCopy`).
/// 4. Every decision among them is derived again (`Recompute`).
///
/// Anything else that the source gives fails that round, and nothing of it is kept. Not thread-safe.
package final class Mirror {
    /// The result of a round after which another may follow.
    package enum Round: Sendable {
        /// The source's checkpoint is the one held.
        case unchanged
        /// Entries were added; the copy has so many now.
        case grown(size: UInt64)
    }

    /// The findings after which a mirror stops: the log is not what its operator signed before, or not by its rules.
    package enum Finding: Error, Sendable {
        /// The operator signed two histories.
        case fork(ForkEvidence)
        /// The source offers an older checkpoint than the one held; its note.
        case stale(size: UInt64, held: UInt64, note: [UInt8])
        /// The signed log holds an entry out of the form of a log.
        case bad(sequence: UInt64, what: String)
        /// The rules do not give what is recorded.
        case differs(RecomputeResult)
    }

    /// The copy.
    package let log: EventLog
    private let key: VerifierKey
    private let source: any MirrorSource
    private let demand: WitnessDemand?
    private let store: CosignatureStore
    private let recomputes: Bool
    private let isAbandoned: () -> Bool
    private var recompute: Recompute?

    /// A mirror of the log with a key.
    /// - Parameters:
    ///   - log: the copy, opened with `EventLog.openCopy`.
    ///   - state: the folder in which cosignatures are kept.
    ///   - demand: the witnesses who must have cosigned each checkpoint.
    ///   - recomputes: true derives every decision again.
    ///   - isAbandoned: polled during long work; true ends it.
    package init(
        _ log: EventLog, from source: any MirrorSource, state: String, demand: WitnessDemand? = nil,
        recomputes: Bool = true, isAbandoned: @escaping () -> Bool = { false }
    ) {
        self.log = log
        key = log.verifierKey
        self.source = source
        self.demand = demand
        store = CosignatureStore(folder: state, log: log)
        self.recomputes = recomputes
        self.isAbandoned = isAbandoned
    }

    /// The number of entries that were derived again.
    package var derived: UInt64 { recompute?.position ?? 0 }

    /// Runs one round.
    /// - Throws: `MirrorTrouble` if it came to nothing, `Finding` if the mirror must stop, `EventLogError` where the copy
    ///   cannot be kept, `ReplayError` where it cannot be derived.
    package func round() throws -> Round {
        let (checkpoint, note, offered) = try newest()
        let held = try heldCheckpoint()
        if let held { try compare(checkpoint, note, with: held) }
        try requireWitnesses(offered)
        let isNew = checkpoint.size > held?.checkpoint.size ?? 0
        if isNew { try copy(checkpoint, note) }
        if let demand {
            let lines = try SignedNote(offered).signatures
            try store.keep(lines, on: String(decoding: note, as: UTF8.self), by: demand.witnesses)
        }
        try derive()
        return isNew ? .grown(size: checkpoint.size) : .unchanged
    }

    // MARK: The checkpoint

    /// The source's checkpoint: read, with the log's own line alone, and as it was offered.
    private func newest() throws(MirrorTrouble) -> (Checkpoint, note: [UInt8], offered: [UInt8]) {
        guard let offered = try source.read("checkpoint", bytesMax: SignedNote.bytesMax) else {
            throw MirrorTrouble("it has no checkpoint")
        }
        do throws(NoteError) {
            let checkpoint = try Checkpoint.open(offered, key: key)
            let signed = try SignedNote(offered)
            let own = signed.signatures.first { key.isSigner($0.name, $0.keyID) }
            let note = signed.text + [UInt8(ascii: "\n")] + (own.map(\.line) ?? [])
            return (checkpoint, note, offered)
        } catch {
            throw MirrorTrouble("its checkpoint is refused: \(error)")
        }
    }

    /// Asked once the checkpoint is known to continue the one held: witnesses do not cosign a fork, and it must be found.
    private func requireWitnesses(_ offered: [UInt8]) throws(MirrorTrouble) {
        do throws(NoteError) {
            guard let missing = try demand?.finding(offered).missing else { return }
            throw NoteError.malformed("it is not witnessed as the policy asks, by \(missing)")
        } catch {
            throw MirrorTrouble("its checkpoint is refused: \(error)")
        }
    }

    private func heldCheckpoint() throws -> (checkpoint: Checkpoint, note: [UInt8])? {
        guard let note = log.checkpoint else { return nil }
        return (try Checkpoint.open(Array(note.utf8), key: key), Array(note.utf8))
    }

    /// Checks that a checkpoint continues the one held.
    private func compare(
        _ new: Checkpoint, _ note: [UInt8], with held: (checkpoint: Checkpoint, note: [UInt8])
    ) throws {
        let old = held.checkpoint
        if new.size == old.size {
            guard new.root != old.root else { return }
            return try stop(ForkProof(held.note, note, .roots))
        }
        guard new.size > old.size else {
            if new.size > 0, try log.root(size: new.size) != new.root {
                let nodes = log.subtrees()
                try stop(ForkProof.make(note, held.note, sizes: (new.size, old.size)) { try nodes($0, $1) })
            }
            throw Finding.stale(size: new.size, held: old.size, note: note)
        }
        let tiles = MirrorTiles(source: source, size: new.size)
        var nodes = TileNodes<MirrorTrouble> { level, index, width throws(MirrorTrouble) in
            try tiles.hashes(level: level, index: index, width: width)
        }
        let proof = try ConsistencyProof.make(from: old.size, to: new.size) { level, index throws(MirrorTrouble) in
            try nodes.node(level, index)
        }
        do throws(ProofError) { try proof.verify(from: old.size, old.root, to: new.size, new.root) } catch {
            try stop(
                ForkProof.make(held.note, note, sizes: (old.size, new.size)) { level, index throws(MirrorTrouble) in
                    try nodes.node(level, index)
                })
            throw MirrorTrouble("its tiles do not lead to the root of its checkpoint of \(new.size) entries")
        }
    }

    /// Stops with evidence, if it holds.
    private func stop(_ proof: ForkProof) throws {
        if (try? proof.check(key: key)) != nil { throw Finding.fork(ForkEvidence(proof)) }
    }

    // MARK: The entries

    private func copy(_ checkpoint: Checkpoint, _ note: [UInt8]) throws {
        let tiles = MirrorTiles(source: source, size: checkpoint.size)
        var head = log.headHash
        var bad: Finding?
        let batch = CommitBuffer()
        do {
            try log.appendCopy(of: checkpoint, note: note) { from in
                guard !isAbandoned() else { throw MirrorTrouble("told to stop") }
                batch.removeAll()
                for (i, entry) in try tiles.entries(from: from).enumerated() {
                    let bytes = Array(entry), sequence = from + UInt64(i)
                    if bad == nil, let what = Self.fault(bytes, sequence, after: head) {
                        bad = .bad(sequence: sequence, what: what)
                    }
                    head = leafHash(bytes)
                    batch.append(bytes, head)
                }
                return batch
            } accept: {
                if let bad { throw bad }
            }
        } catch EventLogError.tampered {
            // Its tiles may be right, and its entries wrong: nothing is proven by that.
            throw MirrorTrouble("its entries do not give the root of its checkpoint of \(checkpoint.size) entries")
        }
    }

    /// The fault of an entry as the next one of a log; nil if it has none. Its attributes are for `Verifier`.
    private static func fault(_ bytes: [UInt8], _ sequence: UInt64, after head: Hash256) -> String? {
        guard let root = try? Document(adopting: bytes).root else { return "it is not JSON" }
        guard root["sequence"]?.equals(sequence.zeroPadded(to: 16)) == true else {
            return "its `sequence` is not \(sequence)"
        }
        guard root["previoushash"]?.equals(head.base64) == true else {
            return "its `previoushash` is not the hash of the entry before"
        }
        return nil
    }

    // MARK: The decisions

    private func derive() throws {
        guard recomputes, log.size > 0 else { return }
        let recompute = try recompute ?? Recompute(log, isAbandoned: isAbandoned)
        self.recompute = recompute
        guard recompute.position < log.size else { return }
        do throws(ReplayError) { try recompute.advance() } catch {
            guard let sequence = error.sequence, error.code == .damaged || error.code == .ruleSet else { throw error }
            throw Finding.bad(sequence: sequence, what: error.message)
        }
        if recompute.differencesCount > 0 { throw Finding.differs(try recompute.run()) }
    }
}

extension Mirror.Finding: CustomStringConvertible {
    /// One line, for people.
    package var description: String {
        switch self {
        case .fork: "the operator signed two histories"
        case .stale(let size, let held, _):
            "it offers a checkpoint of \(size) entries, and one of \(held) was copied before"
        case .bad(let sequence, let what): "entry \(sequence), which the log signed: \(what)"
        case .differs(let result):
            "entry \(result.differences.first?.sequence ?? 0): the rules do not give what is recorded"
        }
    }
}
