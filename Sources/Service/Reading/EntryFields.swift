import Engine
import Glibc
import JSON

/// Iterator over the members of one recorded entry: one scan of its canonical bytes, without an index.
@safe struct EntryFields {
    private let bytes: UnsafeRawBufferPointer
    private var place = 1

    /// - Parameter bytes: a canonical JSON object, which must outlive this value.
    init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    /// One member: its name without quotes, and its value as written.
    @safe struct Member {
        let name: UnsafeRawBufferPointer
        let value: UnsafeRawBufferPointer

        func isNamed(_ text: StaticString) -> Bool {
            unsafe name.count == text.utf8CodeUnitCount && memcmp(name.baseAddress!, text.utf8Start, name.count) == 0
        }

        /// Returns true if the value is exactly these bytes.
        func isValue(_ other: [UInt8]) -> Bool { unsafe value.elementsEqual(other) }
    }

    /// The next member; nil after the last one, and where the bytes are not a canonical object.
    mutating func next() -> Member? {
        guard unsafe place < bytes.count, unsafe bytes[place] == UInt8(ascii: "\"") else { return nil }
        let nameEnd = stringEnd(place)
        guard let nameEnd, unsafe nameEnd < bytes.count, unsafe bytes[nameEnd] == UInt8(ascii: ":"),
            let valueEnd = valueEnd(nameEnd + 1)
        else { return nil }
        let member = unsafe Member(
            name: UnsafeRawBufferPointer(rebasing: bytes[place + 1..<nameEnd - 1]),
            value: UnsafeRawBufferPointer(rebasing: bytes[nameEnd + 1..<valueEnd]))
        place = valueEnd + 1
        return member
    }

    /// Offset after the closing quote of the string that starts at `start`.
    private func stringEnd(_ start: Int) -> Int? {
        guard let base = unsafe bytes.baseAddress else { return nil }
        var from = start + 1
        while unsafe from < bytes.count {
            guard let found = unsafe memchr(base + from, Int32(UInt8(ascii: "\"")), bytes.count - from) else {
                return nil
            }
            let quote = unsafe UnsafeRawPointer(found) - base
            var slashes = 0
            while unsafe bytes[quote - 1 - slashes] == UInt8(ascii: "\\") { slashes += 1 }
            if slashes % 2 == 0 { return quote + 1 }
            from = quote + 1
        }
        return nil
    }

    /// Offset after the value that starts at `start`.
    private func valueEnd(_ start: Int) -> Int? {
        guard unsafe start < bytes.count else { return nil }
        switch unsafe bytes[start] {
        case UInt8(ascii: "\""): return stringEnd(start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return containerEnd(start)
        default:
            var end = start
            while unsafe end < bytes.count, unsafe bytes[end] != UInt8(ascii: ","),
                unsafe bytes[end] != UInt8(ascii: "}")
            { end += 1 }
            return end
        }
    }

    private func containerEnd(_ start: Int) -> Int? {
        var depth = 0
        var place = start
        while unsafe place < bytes.count {
            switch unsafe bytes[place] {
            case UInt8(ascii: "\""):
                guard let end = stringEnd(place) else { return nil }
                place = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
            place += 1
        }
        return nil
    }
}

/// Condition that a search asks of every entry.
protocol EntryPredicate: Sendable {
    /// Returns true if the entry with these canonical bytes is wanted.
    func matches(_ entry: UnsafeRawBufferPointer) -> Bool
    /// Words of which every wanted entry has one; nil where none is known.
    var words: [Word]? { get }
}

/// Entries of a type, a subject or a correlation.
struct EventFilter: EntryPredicate {
    private var wanted: [(name: StaticString, value: [UInt8])] = []
    let words: [Word]?

    init(_ query: QueryItems) {
        words = (query["subject"] ?? query["correlation"] ?? query["type"]).map { [Word($0)] }
        add("type", query["type"])
        add("subject", query["subject"])
        add("correlationid", query["correlation"])
    }

    private mutating func add(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        var writer = CanonicalWriter(capacity: 128)
        writer.string(value)
        wanted.append((name, writer.bytes))
    }

    /// Returns true if the entry has every attribute asked for.
    func matches(_ entry: UnsafeRawBufferPointer) -> Bool {
        guard !wanted.isEmpty else { return true }
        var found = 0
        var fields = unsafe EntryFields(entry)
        while let member = fields.next() {
            for item in wanted where member.isNamed(item.name) {
                guard member.isValue(item.value) else { return false }
                found += 1
            }
        }
        return found == wanted.count
    }
}

/// Entries that moved money of one account.
struct AccountTransfers: EntryPredicate {
    private let id: String
    private let type: [UInt8]
    let words: [Word]?

    init(of id: String) {
        self.id = id
        words = [Word(id)]
        var writer = CanonicalWriter(capacity: 64)
        writer.string("transfer.posted")
        type = writer.bytes
    }

    func matches(_ entry: UnsafeRawBufferPointer) -> Bool {
        var fields = unsafe EntryFields(entry)
        var data: EntryFields.Member?
        var isPosted = false
        while let member = fields.next() {
            if member.isNamed("data") { data = member }
            if member.isNamed("type") { isPosted = member.isValue(type) }
        }
        guard isPosted, let data, let document = try? unsafe Document(canonical: data.value),
            let transfers = document.root["transfers"]
        else { return false }
        return transfers.children.contains { transfer in
            (transfer["debitAccount"]?.equals(id) ?? false) || (transfer["creditAccount"]?.equals(id) ?? false)
        }
    }
}
