import AgentKit
import EventLog
package import Sodium

/// The entries that the views have folded.
struct ViewMark: Equatable, Sendable {
    /// The number of them.
    var position: UInt64 = 0
    /// The leaf hash of the last one in base64; empty at 0.
    var head = ""

    init() {}

    init(position: UInt64, head: String) {
        self.position = position
        self.head = head
    }

    /// The stored form: the position in digits, a space, the hash.
    var stored: [UInt8] { Array("\(position) \(head)".utf8) }

    init?(_ stored: [UInt8]) {
        let parts = String(decoding: stored, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let position = UInt64(parts[0]) else { return nil }
        self.init(position: position, head: String(parts[1]))
    }

    /// Returns true if a log holds these entries.
    func isOf(_ log: EventLog) -> Bool {
        guard position > 0 else { return head.isEmpty }
        guard let entry = try? log.entry(position - 1) else { return false }
        return EntryChain.hashText(of: entry) == head
    }
}

/// Content of the views when they were last written: the entries folded and the hash of each table's rows. It lies in
/// `meta`, sealed with a key that only the ledger has.
struct ViewSeal: Equatable, Sendable {
    var mark = ViewMark()
    /// By the table's name in LMDB; those without rows are left out.
    private var tables: [String: SetHash] = [:]

    /// The hash of a table's rows, by the table's name in LMDB.
    subscript(table: String) -> SetHash {
        get { tables[table] ?? SetHash() }
        set { tables[table] = newValue == SetHash() ? nil : newValue }
    }

    fileprivate var encoded: [UInt8] {
        var writer = RowWriter()
        writer.octets(mark.stored)
        for (name, hash) in tables.sorted(by: { $0.key < $1.key }) {
            writer.text(name)
            writer.octets(hash.encoded)
        }
        return writer.bytes
    }

    init() {}

    fileprivate init?(_ encoded: [UInt8]) {
        var reader = RowReader(encoded)
        guard let mark = try? ViewMark(reader.octets()) else { return nil }
        self.mark = mark
        while !reader.isAtEnd {
            guard let name = try? reader.text(), let hash = try? SetHash(reader.octets()) else { return nil }
            tables[name] = hash
        }
    }
}

/// The keys of the views' seal and of the hashes in it, which follow from the ledger's signing key and are stored
/// nowhere.
package struct ViewSecret: Sendable {
    /// The purpose for which the signing key's file gives the key that both are derived from.
    package static let purpose = "docket/v1/views"

    private let rows: [UInt8]
    private let seal: [UInt8]

    /// - Parameter key: 32 bytes, made for `purpose`.
    package init(_ key: [UInt8]) throws(SodiumError) {
        rows = try KeyedHash.blake2b(Array("rows".utf8), key: key, count: RecordHasher.keyBytes)
        seal = try KeyedHash.blake2b(Array("seal".utf8), key: key, count: AEAD.keyBytes)
    }

    /// The hasher of a table's rows.
    func hasher(of table: String) -> RecordHasher {
        valid { () throws(SodiumError) in try RecordHasher(kind: table, key: rows) }
    }

    /// A seal as it is stored: the nonce, then the text and its tag.
    /// - Parameter identity: layout and origin of the views, to which it is bound.
    func sealed(_ seal: ViewSeal, identity: [UInt8]) -> [UInt8] {
        let nonce = Random.bytes(AEAD.nonceBytes)
        return nonce
            + valid { () throws(SodiumError) in
                try AEAD.seal(seal.encoded, associated: identity, key: self.seal, nonce: nonce)
            }
    }

    /// The seal that is stored; nil where it was made with another key, for other views, or was changed.
    func opened(_ bytes: [UInt8], identity: [UInt8]) -> ViewSeal? {
        let nonce = Array(bytes.prefix(AEAD.nonceBytes))
        guard
            let text = try? AEAD.open(
                Array(bytes.dropFirst(AEAD.nonceBytes)), associated: identity, key: seal, nonce: nonce)
        else { return nil }
        return ViewSeal(text)
    }

    /// Every length is that of a key made here.
    private func valid<R>(_ body: () throws(SodiumError) -> R) -> R {
        do throws(SodiumError) { return try body() } catch { preconditionFailure("\(error)") }
    }
}
