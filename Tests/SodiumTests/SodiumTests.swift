import Sodium
import Testing

@Suite("keys, boxes and hashes")
struct SodiumTests {
    @Test("a generated key signs, and a changed message or signature does not verify")
    func sign() throws {
        let key = SigningKey.generate()
        var signature = key.sign([1, 2, 3])
        #expect(key.publicKey.verifies(signature, of: [1, 2, 3]))
        #expect(!key.publicKey.verifies(signature, of: [1, 2, 4]))
        #expect(!key.publicKey.verifies(signature + [0], of: [1, 2, 3]))
        signature[0] ^= 1
        #expect(!key.publicKey.verifies(signature, of: [1, 2, 3]))
    }

    @Test("a key is the same again from its seed")
    func seed() throws {
        let key = SigningKey.generate()
        #expect(try SigningKey(seed: key.seed).publicKey == key.publicKey)
    }

    @Test("a seed or public key of another length is refused")
    func lengths() {
        let seed = #expect(throws: SodiumError.self) { try SigningKey(seed: [1, 2]) }
        #expect(seed == .length(what: "a signing key's seed", expected: 32, found: 2))
        #expect(throws: SodiumError.self) { try PublicKey([UInt8](repeating: 0, count: 33)) }
    }

    @Test("a box opens only with its key and nonce and unchanged", arguments: [0, 1, 1000])
    func box(_ count: Int) throws {
        let key = Random.bytes(32), nonce = Random.bytes(24), text = Random.bytes(count)
        var sealed = try SecretBox.seal(text, key: key, nonce: nonce)
        #expect(sealed.count == count + SecretBox.tagBytes)
        #expect(try SecretBox.open(sealed, key: key, nonce: nonce) == text)
        #expect(throws: SodiumError.notAuthentic) { try SecretBox.open(sealed, key: Random.bytes(32), nonce: nonce) }
        #expect(throws: SodiumError.notAuthentic) { try SecretBox.open([1, 2], key: key, nonce: nonce) }
        sealed[0] ^= 1
        #expect(throws: SodiumError.notAuthentic) { try SecretBox.open(sealed, key: key, nonce: nonce) }
    }

    @Test("a sealed text with associated data opens only beside it", arguments: [0, 1, 1000])
    func aead(_ count: Int) throws {
        let key = Random.bytes(32), nonce = Random.bytes(24), text = Random.bytes(count)
        let sealed = try AEAD.seal(text, associated: [1], key: key, nonce: nonce)
        #expect(try AEAD.open(sealed, associated: [1], key: key, nonce: nonce) == text)
        #expect(throws: SodiumError.notAuthentic) { try AEAD.open(sealed, associated: [2], key: key, nonce: nonce) }
        #expect(throws: SodiumError.notAuthentic) {
            try AEAD.open(sealed, associated: [1], key: Random.bytes(32), nonce: nonce)
        }
    }

    @Test("a passphrase gives the same key with the same salt and cost only")
    func passphrase() throws {
        let salt = [UInt8](repeating: 7, count: Passphrase.saltBytes)
        let cost = Passphrase.Cost(operations: 1, memoryBytes: 8192)
        let key = try Passphrase.key(Array("open".utf8), salt: salt, cost: cost)
        #expect(key.count == 32)
        #expect(try Passphrase.key(Array("open".utf8), salt: salt, cost: cost) == key)
        #expect(try Passphrase.key(Array("Open".utf8), salt: salt, cost: cost) != key)
        #expect(try Passphrase.key([], salt: salt, cost: cost) != key)
    }

    @Test("a keyed hash depends on key and message")
    func keyedHash() throws {
        let key = [UInt8](repeating: 1, count: 32)
        let digest = try KeyedHash.blake2b([1], key: key)
        #expect(digest.count == 32)
        #expect(KeyedHash.equal(digest, try KeyedHash.blake2b([1], key: key)))
        #expect(!KeyedHash.equal(digest, try KeyedHash.blake2b([2], key: key)))
        #expect(!KeyedHash.equal(digest, try KeyedHash.blake2b([1], key: [UInt8](repeating: 2, count: 32))))
        #expect(throws: SodiumError.self) { try KeyedHash.blake2b([1], key: [1]) }
    }

    @Test("random bytes differ")
    func random() {
        #expect(Random.bytes(32) != Random.bytes(32))
        #expect(Random.bytes(0).isEmpty)
    }
}
