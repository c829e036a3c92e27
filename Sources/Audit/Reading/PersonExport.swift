import Engine
package import EventLog
package import JSON
import Rules

/// Everything that a log holds about one person, as JSON that a person can read (GDPR, article 15): the records of the
/// projections that name the person, and the entries that do, with their sentences. The person's own sealed fields are
/// opened; those of others stay sealed.
package struct PersonExport {
    /// Content of a sealed field.
    package enum Opened {
        /// The value's canonical JSON.
        case value([UInt8])
        case erased
        case unreadable
    }

    /// Indented, with a line feed at the end.
    package private(set) var json: [UInt8] = []
    package private(set) var entries = 0
    package private(set) var records = 0

    private let person: String
    private let open: (View) -> Opened

    /// Reads a log and its tables at present.
    /// - Parameter open: opens a sealed field of the person.
    /// - Throws: where the log cannot be read or folded.
    package init(
        of person: String, in log: EventLog, open: @escaping (View) -> Opened, progress: ((UInt64) -> Void)? = nil
    ) throws {
        self.person = person
        self.open = open
        let replay = try Replay.atPresent(log, progress: progress)
        let erased = try ErasedPersons.ids(in: log)
        var writer = IndentedWriter()
        writer.begin("{")
        writer.member("person", text: person)
        writer.member("isErased", raw: erased.contains(person) ? "true" : "false")
        writer.member("checkpoint", text: log.checkpoint ?? "")
        writer.key("records")
        writeRecords(replay, to: &writer)
        writer.key("entries")
        try writeEntries(log, EntryFormatter(replay.ruleSet), erased: erased, to: &writer)
        writer.end("}")
        json = writer.bytes + [0x0A]
    }

    private mutating func writeRecords(_ replay: Replay, to writer: inout IndentedWriter) {
        writer.begin("{")
        for projection in replay.projections {
            var isOpen = false
            replay.records(of: projection) { key, record in
                guard let row = try? Document(adopting: record).root,
                    EntryFilter.concerns(key, person) || EntryFilter.concerns(row, person)
                else { return true }
                if !isOpen {
                    writer.key(projection)
                    writer.begin("{")
                    isOpen = true
                }
                writer.key(key)
                writer.value(row)
                records += 1
                return true
            }
            if isOpen { writer.end("}") }
        }
        writer.end("}")
    }

    private mutating func writeEntries(
        _ log: EventLog, _ formatter: EntryFormatter, erased: Set<String>, to writer: inout IndentedWriter
    ) throws {
        let filter = EntryFilter(about: person)
        var export = self
        writer.begin("[")
        try unsafe EntrySearch(log).scan(from: 0, words: { filter.words }) { _, bytes in
            guard let entry = try? unsafe Document(canonical: bytes), filter.matches(entry.root) else { return true }
            writer.element()
            export.write(export.opened(entry), formatter, erased: erased, to: &writer)
            export.entries += 1
            return true
        }
        writer.end("]")
        self = export
    }

    private func write(
        _ entry: Document, _ formatter: EntryFormatter, erased: Set<String>, to writer: inout IndentedWriter
    ) {
        let root = entry.root
        writer.begin("{")
        writer.member("sequence", raw: String(root.sequence))
        for name in ["recordedtime", "type"] { writer.member(name, text: root.member(name)?.string ?? "") }
        let type = root["type"]?.string ?? ""
        if formatter.sentences.isSaid(type) {
            writer.member("says", text: formatter.sentences.text(root, erased: erased))
        }
        for name in ["because", "rule", "authid"] {
            if let text = root.member(name)?.string { writer.member(name, text: text) }
        }
        if let data = root["data"] {
            writer.key("data")
            writer.value(data)
        }
        writer.end("}")
    }

    /// The entry with the person's own sealed fields opened, and those of others marked.
    private func opened(_ entry: Document) -> Document {
        guard let data = entry.root["data"], data.children.contains(where: \.isSealed) else { return entry }
        let isOwn = data["userId"]?.equals(person) ?? false
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        entry.root.forEachMember { name, value in
            writer.key(name)
            guard name == "data" else { return writer.value(value) }
            writer.beginObject()
            data.forEachMember { name, value in
                writer.key(name)
                guard value.isSealed else { return writer.value(value) }
                write(isOwn ? open(value) : nil, to: &writer)
            }
            writer.endObject()
        }
        writer.endObject()
        return (try? Document(adopting: writer.bytes)) ?? entry
    }

    /// Writes an opened field; nil is one of another person.
    private func write(_ field: Opened?, to writer: inout CanonicalWriter) {
        if case .value(let text) = field { return unsafe text.withUnsafeBytes { unsafe writer.raw($0) } }
        writer.beginObject()
        switch field {
        case .erased: writer.key("erased")
        case .unreadable: writer.key("unreadable")
        default: writer.key("ofAnother")
        }
        writer.bool(true)
        writer.endObject()
    }
}

/// Writes JSON with an indentation of two blanks a level, in any order of members.
private struct IndentedWriter {
    private(set) var bytes: [UInt8] = []
    private var depth = 0
    /// Indicates that nothing stands yet in the innermost list or object.
    private var isFirst = true

    mutating func begin(_ bracket: String) {
        append(bracket)
        depth += 1
        isFirst = true
    }

    mutating func end(_ bracket: String) {
        depth -= 1
        if !isFirst { line() }
        append(bracket)
        isFirst = false
    }

    /// Goes on to the next element of a list.
    mutating func element() {
        if !isFirst { append(",") }
        isFirst = false
        line()
    }

    mutating func key(_ name: String) {
        element()
        string(name)
        append(": ")
    }

    mutating func member(_ name: String, text: String) {
        key(name)
        string(text)
    }

    mutating func member(_ name: String, raw: String) {
        key(name)
        append(raw)
    }

    mutating func value(_ view: View) {
        switch view.kind {
        case .object where view.count > 0:
            begin("{")
            for child in view.children {
                key(child.name ?? "")
                value(child)
            }
            end("}")
        case .array where view.count > 0:
            begin("[")
            for child in view.children {
                element()
                value(child)
            }
            end("]")
        default: unsafe view.withCanonicalBytes { unsafe bytes.append(contentsOf: $0) }
        }
    }

    private mutating func string(_ text: String) {
        var writer = CanonicalWriter(capacity: text.utf8.count + 16)
        writer.string(text)
        bytes += writer.bytes
    }

    private mutating func line() { append("\n" + String(repeating: "  ", count: depth)) }
    private mutating func append(_ text: String) { bytes += Array(text.utf8) }
}
