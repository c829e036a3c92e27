import TransparencyLog

/// Joins the chunks' results in order: the Merkle tree, the roots that were asked for, the findings.
struct VerifyCollector {
    /// A validly signed checkpoint whose root is not that of the entries.
    struct Contradicted: Sendable {
        let checkpoint: Checkpoint
        let note: [UInt8]
    }

    private var pending: [UInt64: VerifyChunkResult] = [:]
    private var next: UInt64 = 0
    private var isClosed = false
    /// At index k the complete subtree of 2^(12 + k) entries, valid while bit k of `next` is set.
    private var edge: [Hash256] = []
    /// The size whose subtrees are kept, so that another last entry can be tried.
    private let keptSize: UInt64?
    private let wantedNodes: Set<VerifyNode>

    private(set) var entries: UInt64 = 0
    private(set) var roots: [UInt64: Hash256] = [:]
    private(set) var keptPieces: VerifyPieces?
    /// The subtrees that were asked for.
    private(set) var nodes: [VerifyNode: Hash256] = [:]
    /// The subtrees of which the stored tiles of level 2 and above consist: one per 65,536 entries, in order.
    private(set) var upper: [(node: VerifyNode, hash: Hash256)] = []
    private(set) var findings: [VerifyFinding] = []
    private(set) var links: [VerifyLink] = []
    private(set) var differences: [VerifyTileDifference] = []
    private(set) var refused: [(size: UInt64, note: [UInt8], finding: VerifyFinding)] = []
    private(set) var contradicted: [Contradicted] = []
    /// The largest commit whose root matches the entries, and its note.
    private(set) var good: (size: UInt64, note: [UInt8])?

    private let key: VerifierKey
    private let form: VerifyNoteForm

    init(key: VerifierKey, keptSize: UInt64?, wanted: VerifyWanted) {
        self.key = key
        form = VerifyNoteForm(key: key)
        wantedNodes = Set(wanted.nodes)
        self.keptSize = keptSize
        if keptSize == 0 { keptPieces = [] }
        roots[0] = emptyTreeHash
    }

    /// Takes a chunk's result, in any order.
    mutating func add(_ result: VerifyChunkResult) {
        pending[result.number] = result
        while !isClosed, let due = pending.removeValue(forKey: next) { take(due) }
    }

    private mutating func take(_ result: VerifyChunkResult) {
        for (size, pieces) in result.wanted {
            roots[size] = root(pieces)
            if size == keptSize { keptPieces = edgePieces + pieces }
        }
        for (node, hash) in result.nodes { nodes[node] = hash }
        check(result.commits)
        append(result.findings, to: &findings)
        append(result.links, to: &links)
        append(result.differences, to: &differences)
        entries += UInt64(result.count)
        isClosed = result.count < VerifyChunk.entries
        if !isClosed { push(result.pieces[0]) }
        next += 1
    }

    private func append<T>(_ more: [T], to all: inout [T]) {
        all += more.prefix(VerifyResult.badMax - all.count)
    }

    private mutating func check(_ commits: [VerifyCommit]) {
        let roots = roots(over: commits.map(\.end))
        for (var commit, root) in zip(commits, roots) {
            if commit.opened == nil {
                if form.isMet(by: commit.note, size: commit.size, root: root) {
                    good = (commit.size, commit.note)
                    continue
                }
                commit.opened = VerifyCommit.open(commit.note, key: key)
            }
            check(commit, root)
        }
    }

    private mutating func check(_ commit: VerifyCommit, _ root: Hash256) {
        if let finding = commit.refusal(key: key) {
            if refused.count < VerifyResult.badMax { refused.append((commit.size, commit.note, finding)) }
        } else if let checkpoint = try? commit.opened?.get() {
            if root == checkpoint.root {
                good = (commit.size, commit.note)
            } else if contradicted.count < VerifyResult.badMax {
                contradicted.append(Contradicted(checkpoint: checkpoint, note: commit.note))
                roots[commit.size] = root
            }
        }
    }

    /// The roots of trees whose last subtrees, in the chunk at hand, have these hashes.
    private func roots(over ends: [Hash256]) -> [Hash256] {
        edgePieces.reversed().reduce(ends) { hashes, left in ManyHashes.nodes(hashes.flatMap { [left, $0] }) }
    }

    private mutating func push(_ subtree: Hash256) {
        var hash = subtree
        var k = 0
        while next >> UInt64(k) & 1 == 1 {
            hash = nodeHash(edge[k], hash)
            k += 1
            note(VerifyNode(level: VerifyChunk.level + k, index: next >> UInt64(k)), hash)
        }
        if k == edge.count { edge.append(hash) } else { edge[k] = hash }
    }

    private mutating func note(_ node: VerifyNode, _ hash: Hash256) {
        if node.level % 8 == 0 { upper.append((node, hash)) }
        if wantedNodes.contains(node) { nodes[node] = hash }
    }

    /// The subtrees of all chunks taken, from the left.
    private var edgePieces: VerifyPieces {
        edge.indices.reversed().filter { next >> UInt64($0) & 1 == 1 }.map { edge[$0] }
    }

    private func root(_ pieces: VerifyPieces) -> Hash256 { Self.root(edgePieces + pieces) }

    /// The root over subtrees, given from the left.
    static func root(_ pieces: VerifyPieces) -> Hash256 {
        guard var hash = pieces.last else { return emptyTreeHash }
        for piece in pieces.dropLast().reversed() { hash = nodeHash(piece, hash) }
        return hash
    }
}
