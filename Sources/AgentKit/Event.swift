package import JSON

/// A recorded entry as reducers and rules read it: its canonical bytes, indexed.
package struct Event {
    package let sequence: EntrySequence
    package let type: String
    package let recordedTime: Instant
    package let document: Document
    /// The member `data`; absent data reads as an empty object.
    package let data: View

    /// Reads an entry; nil where it lacks what every entry has.
    package init?(_ document: Document) {
        let root = document.root
        guard let type = root["type"]?.string,
            let sequence = root["sequence"]?.string.flatMap(EntrySequence.init(padded:)),
            let time = root["recordedtime"]?.string.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        self.init(document, sequence: sequence, type: type, recordedTime: time)
    }

    /// An entry whose head is known already.
    package init(_ document: Document, sequence: EntrySequence, type: String, recordedTime: Instant) {
        self.sequence = sequence
        self.type = type
        self.recordedTime = recordedTime
        self.document = document
        data = document.root["data"] ?? Event.empty.root
    }

    private static let empty = Document.emptyObject

    package var subject: String? { document.root["subject"]?.string }
    package var id: String { document.root["id"]?.string ?? "" }
    package var source: String { document.root["source"]?.string ?? "" }
    package var correlation: String { document.root["correlationid"]?.string ?? "" }
    package var causation: EntrySequence? {
        document.root["causationid"]?.string.flatMap { EntrySequence(padded: $0) }
    }
    /// The sender; empty for decisions.
    package var authority: String { document.root["authid"]?.string ?? "" }
    /// The agent that decided; nil for triggers.
    package var agent: String? { document.root["agent"]?.string }
    package var rule: String? { document.root["rule"]?.string }
}

extension View {
    /// The text of a member; empty where it is absent.
    package func text(_ name: StaticString) -> String { self[name]?.string ?? "" }
    /// The integer of a member; 0 where it is absent.
    package func integer(_ name: StaticString) -> Int64 { self[name]?.int ?? 0 }
    package func amount(_ name: StaticString) -> Amount { Amount(integer(name)) }
    package func instant(_ name: StaticString) -> Instant? { self[name]?.string.flatMap { Instant(rfc3339: $0) } }
    /// The texts of a list member; empty where it is absent.
    package func texts(_ name: StaticString) -> [String] {
        var result: [String] = []
        self[name]?.forEachElement { if let text = $0.string { result.append(text) } }
        return result
    }
}

/// The position of an entry in the log, from 0.
package struct EntrySequence: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: UInt64

    @inlinable package init(_ value: UInt64) { self.value = value }

    @inlinable package static func < (a: EntrySequence, b: EntrySequence) -> Bool { a.value < b.value }

    /// The length of the padded form.
    package static let digits = 16

    /// The position as 16 zero-padded decimal digits, the form in which entries carry it.
    package var padded: String {
        unsafe String(unsafeUninitializedCapacity: 16) { buffer in
            unsafe write(into: UnsafeMutableRawBufferPointer(buffer))
            return 16
        }
    }

    /// Writes the 16 digits of `padded` into `buffer`.
    package func write(into buffer: UnsafeMutableRawBufferPointer) {
        var rest = value
        for i in stride(from: 15, through: 0, by: -1) {
            unsafe buffer[i] = UInt8(0x30 + rest % 10)
            rest /= 10
        }
    }

    /// Reads the 16-digit form; nil for anything else.
    package init?(padded text: some StringProtocol) {
        guard text.utf8.count == 16 else { return nil }
        var value: UInt64 = 0
        for byte in text.utf8 {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        self.value = value
    }

    package var description: String { "#\(value)" }
}

/// The data of an event of one type that is about to be recorded. `tools/generate` writes what conforms to it.
package protocol EventData {
    /// The event type.
    static var type: String { get }
    /// Writes the data as an object, its members in the order of RFC 8785.
    func write(to writer: inout CanonicalWriter)
}

extension EventData {
    /// The data as canonical JSON.
    package var bytes: [UInt8] {
        var writer = CanonicalWriter(capacity: 256)
        write(to: &writer)
        return writer.bytes
    }
}
