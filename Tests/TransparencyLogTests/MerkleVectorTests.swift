import Foundation
import TestSupport
import Testing
import TransparencyLog

@Suite("Merkle proof probes")
struct MerkleVectorTests {
    struct Inclusion: Decodable {
        let leafIdx, treeSize: UInt64
        let root, leafHash: String
        let proof: [String]?
        let desc: String
        let wantErr: Bool
        let file: String?
    }

    struct Consistency: Decodable {
        let size1, size2: UInt64
        let root1, root2: String
        let proof: [String]?
        let desc: String
        let wantErr: Bool
        let file: String?
    }

    static func hashes(_ texts: [String]) -> [Hash256]? {
        let hashes = texts.compactMap { Hash256(base64: $0.utf8) }
        return hashes.count == texts.count ? hashes : nil
    }

    static func accepts(_ probe: Inclusion) -> Bool {
        guard let ends = hashes([probe.root, probe.leafHash]), let path = hashes(probe.proof ?? []) else {
            return false
        }
        let proof = InclusionProof(index: probe.leafIdx, hashes: path)
        return (try? proof.verify(leaf: ends[1], size: probe.treeSize, root: ends[0])) != nil
    }

    static func accepts(_ probe: Consistency) -> Bool {
        guard let roots = hashes([probe.root1, probe.root2]), let path = hashes(probe.proof ?? []) else { return false }
        let proof = ConsistencyProof(path)
        return (try? proof.verify(from: probe.size1, roots[0], to: probe.size2, roots[1])) != nil
    }

    /// Returns whether a root is not 32 bytes: such probes are valid upstream and refused here.
    static func hasShortRoot(_ probe: Consistency) -> Bool { hashes([probe.root1, probe.root2]) == nil }

    @Test("every inclusion probe is accepted or refused as it says")
    func inclusion() throws {
        for probe in try Cases.read([Inclusion].self, "merkle-rfc6962/inclusion.json") ?? [] {
            #expect(Self.accepts(probe) == !probe.wantErr, "\(probe.file ?? "") \(probe.desc)")
        }
    }

    @Test("every consistency probe is accepted or refused as it says")
    func consistency() throws {
        for probe in try Cases.read([Consistency].self, "merkle-rfc6962/consistency.json") ?? []
        where probe.wantErr || !Self.hasShortRoot(probe) {
            #expect(Self.accepts(probe) == !probe.wantErr, "\(probe.file ?? "") \(probe.desc)")
        }
    }

    @Test("every single probe file is accepted or refused as it says", arguments: ["inclusion", "consistency"])
    func files(_ kind: String) throws {
        guard let root = Vectors.directory("merkle-rfc6962/" + kind) else { return }
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        let paths = names.filter { $0.hasSuffix(".json") }
        #expect(!paths.isEmpty)
        for path in paths {
            let data = try Data(contentsOf: URL(fileURLWithPath: root + "/" + path))
            if kind == "inclusion" {
                let probe = try Cases.decoder.decode(Inclusion.self, from: data)
                #expect(Self.accepts(probe) == !probe.wantErr, "\(path)")
            } else {
                let probe = try Cases.decoder.decode(Consistency.self, from: data)
                guard probe.wantErr || !Self.hasShortRoot(probe) else { continue }
                #expect(Self.accepts(probe) == !probe.wantErr, "\(path)")
            }
        }
    }

    struct Known: Decodable {
        let leafInputsHex: [String]
        let nodeHashesHexByLevel: [[String]]
        let rootHashHexByTreeSize: [String]
    }

    @Test("the known leaves give the known nodes and roots")
    func knownRoots() throws {
        guard let known = try Cases.read(Known.self, "merkle-rfc6962/known_roots.json") else { return }
        let leaves = known.leafInputsHex.map { leafHash(Cases.hex($0)) }
        let tree = ReferenceTree(leaves)
        for (level, hashes) in known.nodeHashesHexByLevel.enumerated() {
            for (i, hash) in hashes.enumerated() { #expect(tree.node(level, UInt64(i)).hex == hash) }
        }
        var appender = TreeAppender()
        for (size, root) in known.rootHashHexByTreeSize.enumerated() {
            #expect(appender.root().hex == root)
            #expect(Subtree.root(size: UInt64(size), tree.node).hex == root)
            if size < leaves.count { appender.append(leaves[size]) { _, _, _ in } }
        }
    }
}
