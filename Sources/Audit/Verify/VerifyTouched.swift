import JSON
import TransparencyLog

/// The accounts, fines and users that bad entries name, and the entries that they caused.
package struct VerifyTouched: Hashable, Sendable {
    /// Accounts, whose balances are in doubt.
    package private(set) var accounts: Set<String> = []
    package private(set) var fines: Set<String> = []
    /// Users, whose levels and scores are in doubt.
    package private(set) var users: Set<String> = []

    /// The most names of a kind.
    static let namesMax = 10_000
    /// The most entries that are followed to what they caused.
    private static let entriesMax = 1 << 20
    private static let userNames: Set<String> = [
        "userId", "buyerId", "sellerId", "riderId", "ownerId", "providerId", "harmedId", "reporterId", "referrerId",
        "creditorId", "fromUserId", "toUserId", "modelOwnerId",
    ]

    package init() {}

    package var isEmpty: Bool { accounts.isEmpty && fines.isEmpty && users.isEmpty }

    /// Reads a source from its start and follows the accused entries through `causationid`.
    init(by accused: Set<UInt64>, in source: any VerifySource) throws(VerifyError) {
        guard let first = accused.min() else { return }
        let reader = try source.reader()
        var followed = accused
        while try reader.withNextChunk({ chunk throws(VerifyError) in
            for i in unsafe chunk.bytes.indices {
                let place = chunk.first + UInt64(i)
                guard place >= first else { continue }
                unsafe take(chunk.bytes[i], place, isAccused: accused.contains(place), &followed)
            }
        }) {}
    }

    private mutating func take(
        _ bytes: UnsafeRawBufferPointer, _ place: UInt64, isAccused: Bool, _ followed: inout Set<UInt64>
    ) {
        guard bytes.count > 0 else { return }
        if let fields = unsafe VerifyEntryReader.scan(bytes) {
            func sequence(_ name: VerifyFields.Name) -> UInt64? {
                guard let range = fields[name] else { return nil }
                return unsafe VerifyEntryReader.sequence(UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
            guard isAccused || (sequence(.causationid).map { followed.contains($0) } ?? false) else { return }
            if followed.count < Self.entriesMax { followed.insert(sequence(.sequence) ?? place) }
        } else if !isAccused {
            return
        }
        guard let document = try? unsafe Document.parse(bytes), let data = document.root["data"] else { return }
        collect(data)
    }

    private mutating func collect(_ value: View) {
        value.forEachMember { name, member in
            guard let text = member.string else { return collect(member) }
            if Self.userNames.contains(name) { Self.add(text, to: &users) }
            if name == "partyId", value["party"]?.isString("user") == true { Self.add(text, to: &users) }
            if name == "fineId" { Self.add(text, to: &fines) }
            if name == "reference", value["purpose"]?.isString("fine") == true { Self.add(text, to: &fines) }
            if Self.isAccount(text) {
                Self.add(text, to: &accounts)
                let parts = text.split(separator: "/")
                if parts[0] == "wallet", parts.count == 3 { Self.add(String(parts[1]), to: &users) }
            }
        }
        value.forEachElement { collect($0) }
    }

    /// The form of an account: a kind in lower-case letters, names, a currency in capitals, with `/` between.
    private static func isAccount(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count >= 2, let kind = parts.first, let currency = parts.last, currency.count == 3 else {
            return false
        }
        return !kind.isEmpty && kind.allSatisfy { (0x61...0x7A).contains($0) } && parts.allSatisfy { !$0.isEmpty }
            && currency.allSatisfy { (0x41...0x5A).contains($0) }
    }

    private static func add(_ name: String, to names: inout Set<String>) {
        if names.count < namesMax { names.insert(name) }
    }
}

extension VerifyTouched {
    private static let namesShown = 20

    /// The names, sorted as bytes.
    private static func sorted(_ names: Set<String>) -> [String] {
        names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Writes `{accounts, fines, users}`.
    func write(_ writer: inout CanonicalWriter) {
        writer.beginObject()
        for (key, names) in [("accounts", accounts), ("fines", fines), ("users", users)]
            as [(StaticString, Set<String>)]
        {
            writer.key(key)
            writer.beginArray()
            for name in Self.sorted(names) { writer.string(name) }
            writer.endArray()
        }
        writer.endObject()
    }

    /// A line for each kind that has names.
    var lines: [String] {
        [("accounts", accounts), ("fines", fines), ("users", users)].filter { !$0.1.isEmpty }.map { kind, names in
            let more = names.count > Self.namesShown ? " and \(names.count - Self.namesShown) more" : ""
            return "  \(kind) touched: " + Self.sorted(names).prefix(Self.namesShown).joined(separator: ", ") + more
        }
    }
}
