import Foundation
import Sodium
import TestSupport
import Testing

func bytes(hex: String) -> [UInt8]? {
    let digits = Array(hex.utf8)
    guard digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).reduce(into: []) { out, i in
        out?.append(UInt8(String(decoding: digits[i...(i + 1)], as: UTF8.self), radix: 16) ?? 0)
    }
}

let decoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
}()

func decode<T: Decodable>(_ type: T.Type, _ name: String) throws -> T? {
    guard let file = Vectors.file("ed25519/" + name) else { return nil }
    return try decoder.decode(type, from: Data(file))
}

func verifies(_ signature: [UInt8], _ message: [UInt8], key: [UInt8]) -> Bool {
    guard let key = try? PublicKey(key) else { return false }
    return key.verifies(signature, of: message)
}

@Suite("Ed25519 test vectors")
struct VectorTests {
    struct RFC: Decodable {
        let name, secretKeyHex, publicKeyHex, messageHex, signatureHex: String
    }

    @Test("every vector of RFC 8032 gives its key and signature, and verifies")
    func rfc8032() throws {
        for item in try decode([RFC].self, "rfc8032_section7_1.json") ?? [] {
            let key = try SigningKey(seed: try #require(bytes(hex: item.secretKeyHex)))
            let message = try #require(bytes(hex: item.messageHex))
            #expect(key.publicKey.encoded == bytes(hex: item.publicKeyHex), "\(item.name)")
            #expect(key.sign(message) == bytes(hex: item.signatureHex), "\(item.name)")
            #expect(key.publicKey.verifies(key.sign(message), of: message), "\(item.name)")
        }
    }

    struct Wycheproof: Decodable {
        struct Key: Decodable { let pk: String }
        struct Case: Decodable {
            let tcId: Int
            let msg, sig, result: String
        }
        struct Group: Decodable {
            let publicKey: Key
            let tests: [Case]
        }
        let testGroups: [Group]
    }

    @Test("every Wycheproof case is answered as it says")
    func wycheproof() throws {
        guard let file = try decode(Wycheproof.self, "wycheproof_ed25519_test.json") else { return }
        for group in file.testGroups {
            let key = try #require(bytes(hex: group.publicKey.pk))
            for item in group.tests {
                let signature = try #require(bytes(hex: item.sig)), message = try #require(bytes(hex: item.msg))
                #expect(verifies(signature, message, key: key) == (item.result == "valid"), "case \(item.tcId)")
            }
        }
    }

    struct Speccheck: Decodable { let message, pubKey, signature: String }

    @Test("of the cases on which libraries differ only the fourth is accepted")
    func speccheck() throws {
        for (i, item) in (try decode([Speccheck].self, "speccheck_cases.json") ?? []).enumerated() {
            let signature = try #require(bytes(hex: item.signature)), message = try #require(bytes(hex: item.message))
            let key = try #require(bytes(hex: item.pubKey))
            #expect(verifies(signature, message, key: key) == (i == 3), "case \(i)")
        }
    }

    struct CCTV: Decodable {
        let number: Int
        let key, sig, msg: String
        let flags: [String]?
    }

    @Test("every edge case with a low-order or non-canonical point is refused, every other accepted")
    func cctv() throws {
        let refused: Set<String> = [
            "low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue",
        ]
        for item in try decode([CCTV].self, "cctv_ed25519vectors.json") ?? [] {
            let signature = try #require(bytes(hex: item.sig)), key = try #require(bytes(hex: item.key))
            let expected = refused.isDisjoint(with: item.flags ?? [])
            #expect(verifies(signature, Array(item.msg.utf8), key: key) == expected, "case \(item.number)")
        }
    }

    @Test("every line of sign.input gives its signature and verifies")
    func djb() throws {
        guard let file = Vectors.file("ed25519/djb_sign_input_first128.txt") else { return }
        for line in String(decoding: file, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            let secret = try #require(bytes(hex: fields[0])), message = try #require(bytes(hex: fields[2]))
            let key = try SigningKey(seed: Array(secret.prefix(32)))
            #expect(key.publicKey.encoded == bytes(hex: fields[1]))
            let signature = key.sign(message)
            #expect(signature + message == bytes(hex: fields[3]))
            #expect(key.publicKey.verifies(signature, of: message))
        }
    }
}
