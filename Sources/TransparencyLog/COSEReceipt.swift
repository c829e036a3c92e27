import Sodium

/// A receipt of inclusion as a COSE_Sign1 message (RFC 9942) over the tree of RFC 9162 (`RFC9162_SHA256`): Ed25519 over
/// the root that the hashes lead to, which is not in it.
///
/// | header | label | value |
/// |---|---|---|
/// | protected | 1, algorithm | −8, EdDSA |
/// | | 4, key id | the first four bytes of the C2SP key's hash, big-endian |
/// | | 15, CWT claims | `{1: origin}`, the issuer |
/// | | 395, verifiable data structure | 1, `RFC9162_SHA256` |
/// | unprotected | 396, proofs | `{-1: [<<[tree size, leaf index, [hash, …]]>>]}` |
/// | | `entry` | the entry's bytes; a bare receipt has none |
package struct COSEReceipt: Hashable, Sendable {
    private enum Label {
        static let algorithm: Int64 = 1
        static let keyID: Int64 = 4
        static let claims: Int64 = 15
        static let structure: Int64 = 395
        static let proofs: Int64 = 396
        static let inclusion: Int64 = -1
        static let issuer: Int64 = 1
        static let entry = "entry"
    }

    private static let tag: UInt64 = 18
    private static let edDSA: Int64 = -8
    private static let rfc9162SHA256: Int64 = 1
    private static let bytesMax = 1 << 18

    package let origin: String
    package let inclusion: InclusionProof
    package let treeSize: UInt64
    /// The proven entry; nil in a bare receipt.
    package let entry: [UInt8]?
    private let protected: [UInt8]
    private let signature: [UInt8]

    /// Signs a receipt with the log's key.
    /// - Parameter root: the root of the tree of `treeSize` entries, to which the hashes lead.
    package init(
        inclusion: InclusionProof, treeSize: UInt64, root: Hash256, entry: [UInt8]?, signer: NoteSigner
    ) {
        let key = signer.verifierKey
        origin = key.name
        self.inclusion = inclusion
        self.treeSize = treeSize
        self.entry = entry
        protected =
            CBOR.map([
                CBOR.Pair(.int(Label.algorithm), .int(Self.edDSA)),
                CBOR.Pair(.int(Label.keyID), .bytes(Self.bytes(ofKeyID: key.keyID))),
                CBOR.Pair(.int(Label.claims), .map([CBOR.Pair(.int(Label.issuer), .text(key.name))])),
                CBOR.Pair(.int(Label.structure), .int(Self.rfc9162SHA256)),
            ]).encoded
        signature = signer.signStructure(Self.structure(protected, root))
    }

    private static func bytes(ofKeyID id: UInt32) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: id >> UInt32($0)) }
    }

    /// What is signed (RFC 9052, 4.4).
    private static func structure(_ protected: [UInt8], _ root: Hash256) -> [UInt8] {
        CBOR.array([.text("Signature1"), .bytes(protected), .bytes([]), .bytes(root.array)]).encoded
    }

    // MARK: Form

    /// Indicates that bytes begin as a receipt of this form does; no text begins so.
    package static func begins(_ bytes: [UInt8]) -> Bool { bytes.first == 0xD2 || bytes.first == 0x84 }

    /// The receipt's bytes, with the tag of COSE_Sign1.
    package var encoded: [UInt8] {
        let hashes = CBOR.array(inclusion.hashes.map { .bytes($0.array) })
        let proof = CBOR.array([.int(Int64(treeSize)), .int(Int64(inclusion.index)), hashes]).encoded
        let proofs = CBOR.map([CBOR.Pair(.int(Label.inclusion), .array([.bytes(proof)]))])
        let carried = entry.map { [CBOR.Pair(.text(Label.entry), .bytes($0))] } ?? []
        return CBOR.tagged(
            Self.tag,
            [
                .array([
                    .bytes(protected), .map([CBOR.Pair(.int(Label.proofs), proofs)] + carried), .null,
                    .bytes(signature),
                ])
            ]
        ).encoded
    }

    /// Reads a receipt; the signature is not checked yet.
    /// - Throws: `malformed` for any other form, `limit` for more bytes or hashes than are read.
    package init(_ bytes: [UInt8]) throws(ProofError) {
        guard bytes.count <= Self.bytesMax else { throw .limit("the receipt is longer than \(Self.bytesMax) bytes") }
        var message = try CBORReader.read(bytes)
        if case .tagged(Self.tag, let items) = message, let item = items.first { message = item }
        guard case .array(let parts) = message, parts.count == 4, case .bytes(let protected) = parts[0],
            case .map = parts[1], case .bytes(let signature) = parts[3]
        else { throw .malformed("the receipt is no COSE_Sign1 message") }
        guard parts[2] == .null else {
            throw .malformed("the receipt carries a payload, where its hashes give the root")
        }
        let header = try CBORReader.read(protected)
        guard header[Label.algorithm] == .int(Self.edDSA) else { throw .malformed("the algorithm is not EdDSA") }
        guard header[Label.structure] == .int(Self.rfc9162SHA256) else {
            throw .malformed("the verifiable data structure is not RFC9162_SHA256")
        }
        guard case .text(let origin)? = header[Label.claims]?[Label.issuer] else {
            throw .malformed("the protected header names no issuer")
        }
        self.origin = origin
        self.protected = protected
        self.signature = signature
        if case .bytes(let entry)? = parts[1][Label.entry] { self.entry = entry } else { entry = nil }
        (treeSize, inclusion) = try Self.proof(parts[1])
    }

    private static func proof(_ header: CBOR) throws(ProofError) -> (UInt64, InclusionProof) {
        guard case .array(let proofs)? = header[Label.proofs]?[Label.inclusion], proofs.count == 1,
            case .bytes(let encoded) = proofs[0]
        else { throw .malformed("the receipt does not have one proof of inclusion") }
        guard case .array(let parts) = try CBORReader.read(encoded), parts.count == 3, case .int(let size) = parts[0],
            case .int(let index) = parts[1], case .array(let path) = parts[2], size >= 0, index >= 0
        else { throw .malformed("the proof is not `[tree size, leaf index, hashes]`") }
        guard path.count <= ProofText.hashesMax else {
            throw .limit("the proof has more than \(ProofText.hashesMax) hashes")
        }
        var hashes: [Hash256] = []
        for item in path {
            guard case .bytes(let bytes) = item, let hash = Hash256(bytes) else {
                throw .malformed("a hash of the proof does not have 32 bytes")
            }
            hashes.append(hash)
        }
        return (UInt64(size), InclusionProof(index: UInt64(index), hashes: hashes))
    }

    // MARK: Checking

    /// Checks that the log with this key signed the root to which the hashes lead from an entry.
    /// - Throws: `inclusion` where they lead nowhere, `checkpoint` where the signature is not the log's.
    package func verify(leaf: Hash256, key: VerifierKey) throws(TLogProof.Failure) {
        guard key.kind == .ed25519 else { throw .checkpoint(.noTrustedSignature) }
        guard origin.hasSameBytes(as: key.name) else {
            throw .checkpoint(.otherOrigin(expected: key.name, found: origin))
        }
        let root: Hash256
        do throws(ProofError) { root = try inclusion.root(leaf: leaf, size: treeSize) } catch {
            throw .inclusion(error)
        }
        guard key.publicKey.verifies(signature, of: Self.structure(protected, root)) else {
            throw .inclusion(.malformed("the log did not sign the root to which the hashes lead"))
        }
    }
}
