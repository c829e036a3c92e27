import Sodium
import Testing

@testable import TransparencyLog

@Suite("COSE receipts")
struct COSEReceiptTests {
    private let signer: NoteSigner
    private let leaves = (0..<7).map { Array("entry \($0)".utf8) }
    private let root: Hash256
    private var key: VerifierKey { signer.verifierKey }

    init() throws {
        signer = try NoteSigner(name: "example.com/log", key: SigningKey(seed: [UInt8](repeating: 3, count: 32)))
        root = Self.root(leaves.map { leafHash($0) })
    }

    /// The root of RFC 6962, 2.1, as it is written there.
    private static func root(_ hashes: [Hash256]) -> Hash256 {
        guard hashes.count > 1 else { return hashes[0] }
        var half = 1
        while half * 2 < hashes.count { half *= 2 }
        return nodeHash(root(Array(hashes[..<half])), root(Array(hashes[half...])))
    }

    /// The path of RFC 6962, 2.1.1.
    private static func path(_ index: Int, _ hashes: [Hash256]) -> [Hash256] {
        guard hashes.count > 1 else { return [] }
        var half = 1
        while half * 2 < hashes.count { half *= 2 }
        return index < half
            ? path(index, Array(hashes[..<half])) + [root(Array(hashes[half...]))]
            : path(index - half, Array(hashes[half...])) + [root(Array(hashes[..<half]))]
    }

    private func receipt(_ index: Int, carries: Bool = true) -> COSEReceipt {
        let inclusion = InclusionProof(
            index: UInt64(index), hashes: Self.path(index, leaves.map { leafHash($0) }))
        return COSEReceipt(
            inclusion: inclusion, treeSize: UInt64(leaves.count), root: root, entry: carries ? leaves[index] : nil,
            signer: signer)
    }

    @Test("a receipt of each entry is written, read and proves that entry alone")
    func proves() throws {
        for index in leaves.indices {
            let made = receipt(index)
            let read = try COSEReceipt(made.encoded)
            #expect(read == made)
            #expect(read.entry == leaves[index] && read.origin == "example.com/log" && read.treeSize == 7)
            try read.verify(leaf: leafHash(leaves[index]), key: key)
            for other in leaves.indices where other != index {
                #expect(throws: TLogProof.Failure.self) { try read.verify(leaf: leafHash(leaves[other]), key: key) }
            }
        }
    }

    @Test("a bare receipt carries no entry, one without the tag is read as well")
    func forms() throws {
        let bare = receipt(2, carries: false)
        #expect(try COSEReceipt(bare.encoded).entry == nil)
        #expect(bare.encoded.first == 0xD2)
        let untagged = try COSEReceipt(Array(bare.encoded.dropFirst()))
        #expect(untagged == bare)
        #expect(COSEReceipt.begins(bare.encoded) && !COSEReceipt.begins(Array("c2sp.org/tlog-proof@v1\n".utf8)))
    }

    @Test("another key, another name and a witness's key prove nothing")
    func keys() throws {
        let read = receipt(3)
        let leaf = leafHash(leaves[3])
        let seed = [UInt8](repeating: 4, count: 32)
        let other = try NoteSigner(name: key.name, key: SigningKey(seed: seed)).verifierKey
        let renamed = try VerifierKey(name: "example.com/other", kind: .ed25519, publicKey: key.publicKey)
        let witness = try VerifierKey(name: key.name, kind: .cosignature, publicKey: key.publicKey)
        for wrong in [other, renamed, witness] {
            #expect(throws: TLogProof.Failure.self) { try read.verify(leaf: leaf, key: wrong) }
        }
    }

    @Test("a changed byte is refused, wherever it stands")
    func everyByte() throws {
        let good = receipt(5)
        let bytes = good.encoded
        for place in bytes.indices {
            for bit in [UInt8(0x01), 0x80] {
                var changed = bytes
                changed[place] ^= bit
                guard let read = try? COSEReceipt(changed) else { continue }
                let leaf = leafHash(read.entry ?? leaves[5])
                let isProven = (try? read.verify(leaf: leaf, key: key)) != nil
                // Which header the entry stands in is not signed: without its label the receipt is a bare one.
                #expect(!isProven || read.entry == nil && read.inclusion == good.inclusion, "byte \(place)")
            }
        }
    }

    @Test("a receipt that is cut or goes on is refused")
    func cut() {
        let bytes = receipt(5).encoded
        for count in bytes.indices {
            #expect(throws: ProofError.self) { try COSEReceipt(Array(bytes[..<count])) }
        }
        #expect(throws: ProofError.self) { try COSEReceipt(bytes + [0]) }
        #expect(throws: ProofError.self) { try COSEReceipt([UInt8](repeating: 0xD2, count: 1 << 20)) }
    }

    @Test(
        "CBOR that says a thing in another way than the shortest, twice or without end is refused",
        arguments: [
            [0x18, 0x17], [0x19, 0x00, 0xFF], [0x1A, 0x00, 0x00, 0xFF, 0xFF], [0x5F, 0x41, 0x00, 0xFF], [0x9F, 0xFF],
            [0xA2, 0x01, 0x02, 0x01, 0x03], [0x61, 0xFF], [0xF5], [0xFB, 0, 0, 0, 0, 0, 0, 0, 0], [0x00, 0x00],
            [0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x1C], [], [0x81],
            [0x1B, 0xFF, 0, 0, 0, 0, 0, 0, 0],
            [UInt8](repeating: 0x81, count: 100) + [0],
        ] as [[UInt8]])
    func strict(bytes: [UInt8]) {
        #expect(throws: ProofError.self) { try CBORReader.read(bytes) }
    }

    @Test("numbers of every length are written in the shortest form and read back")
    func numbers() throws {
        for number in [
            0, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, Int64.max, -1, -25, Int64.min,
        ] {
            #expect(try CBORReader.read(CBOR.int(number).encoded) == .int(number))
        }
        #expect(CBOR.int(-8).encoded == [0x27])
        #expect(CBOR.int(395).encoded == [0x19, 0x01, 0x8B])
    }
}
