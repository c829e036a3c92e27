import AgentKit
import Engine
import JSON
import TransparencyLog

/// The reason why bytes are no dispute bundle, or one that is not in its form.
enum BundleRefusal: Error {
    /// They are something else.
    case other(String)
    /// It says that it is one, but is not in the form of one, or damaged.
    case malformed(String)
}

extension DisputeBundle {
    private static let start = Array(#"{"bundle":"#.utf8)
    private static let entriesMax = 50_000
    private static let rowsMax = 500_000
    private static let hashesMax = 63

    /// Returns true if bytes look like a bundle, or at least like a JSON object: no receipt begins so.
    package static func isLikely(_ bytes: [UInt8]) -> Bool {
        bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == UInt8(ascii: "{")
    }

    /// Reads a bundle's file; of what it says only the form is looked at.
    init(reading bytes: [UInt8]) throws(BundleRefusal) {
        let isBundle = bytes.starts(with: Self.start)
        guard bytes.count <= Self.bytesMax else {
            throw .other("it has more than \(Self.bytesMax >> 20) MiB, which no dispute bundle has")
        }
        guard isBundle else { throw .other("it is neither a receipt nor a dispute bundle") }
        let document: Document
        do throws(JSONError) { document = try Document.parse(bytes) } catch {
            throw .malformed("it is not whole: \(error)")
        }
        guard let name = document.root.member("bundle")?.string else {
            throw .malformed("it does not name its form")
        }
        guard name.hasSameBytes(as: Self.format) else {
            throw .other("it is of the form `\(name)`; this program reads `\(Self.format)`")
        }
        guard let engine = document.root.member("engine")?.int else {
            throw .malformed("`engine` of the bundle is not a number")
        }
        if engine != Machine.engineNumber {
            let mine = Machine.engineNumber
            throw .other("its decisions are of engine \(engine); this program derives as engine \(mine)")
        }
        do throws(Malformed) { try self.init(document.root) } catch { throw .malformed(error.what) }
    }

    private init(_ root: View) throws(Malformed) {
        let fields = try Fields(
            root, "the bundle",
            [
                "bundle", "cascades", "checkpoint", "engine", "entries", "id", "kind", "left", "origin", "result",
                "rows", "rules",
            ])
        guard let kind = DisputeSubject.Kind(rawValue: try fields.text("kind")) else {
            throw Malformed(what: "`kind` is none of a bundle")
        }
        subject = DisputeSubject(kind: kind, id: try fields.text("id"))
        origin = try fields.text("origin")
        checkpoint = Array(try fields.text("checkpoint").utf8)
        entries = try fields.list("entries", most: Self.entriesMax) { view throws(Malformed) in try Self.entry(view) }
        rows = try fields.list("rows", most: Self.rowsMax) { view throws(Malformed) in try Self.row(view) }
        cascades = try fields.list("cascades", most: Self.entriesMax) { view throws(Malformed) in
            try Self.cascade(view)
        }
        rules = try fields.list("rules", most: Self.entriesMax) { view throws(Malformed) in try Self.rules(view) }
        let left = try fields.member("left")
        self.left = left.isNull ? nil : try Self.left(left)
        result = try Self.result(try fields.member("result"))
        for (before, after) in zip(entries, entries.dropFirst()) where before.sequence >= after.sequence {
            throw Malformed(what: "its entries are not in order at \(after.sequence)")
        }
        for (before, after) in zip(cascades, cascades.dropFirst())
        where before.entries.upperBound > after.entries.lowerBound {
            throw Malformed(what: "its cascades are not in order at \(after.entries.lowerBound)")
        }
        for cascade in cascades { try checkRows(of: cascade) }
        for (place, rules) in rules.enumerated()
        where self.rules[..<place].contains(where: { $0.digest == rules.digest }) {
            throw Malformed(what: "`rules`[\(place)]: rule set \(rules.digest) comes twice")
        }
    }

    /// Checks that a cascade names rows that are there, each table's and key's once.
    private func checkRows(of cascade: Cascade) throws(Malformed) {
        guard case .derived(let places, let walks) = cascade.form else { return }
        let name = "the cascade of \(cascade.entries.lowerBound)"
        var names: Set<RowName> = []
        for place in places {
            guard place < rows.count else {
                throw Malformed(what: "\(name) names a row that is not in the list: \(place)")
            }
            guard names.insert(rows[place].name).inserted else {
                throw Malformed(what: "\(name) names row \(rows[place].name) twice")
            }
        }
        var starts: Set<RowName> = []
        for walk in walks where !starts.insert(walk.from).inserted {
            throw Malformed(what: "\(name) has two walks over `\(walk.from.table)` from `\(walk.from.key)` on")
        }
    }

    private static func entry(_ view: View) throws(Malformed) -> Entry {
        let fields = try Fields(view, "an entry", ["entry", "proof", "sequence"])
        let sequence = try fields.number("sequence")
        let proof = try fields.list("proof", most: hashesMax) { view throws(Malformed) in
            guard let hash = view.string.flatMap({ Hash256(base64: $0.utf8) }) else {
                throw Malformed(what: "the proof of entry \(sequence) has a hash that is not the base64 of 32 bytes")
            }
            return hash
        }
        return Entry(sequence: sequence, bytes: Array(try fields.text("entry").utf8), proof: proof)
    }

    private static func row(_ view: View) throws(Malformed) -> Row {
        let fields = try Fields(view, "a row", ["key", "last", "table", "value"])
        let name = RowName(table: try fields.text("table"), key: try fields.text("key"))
        let (last, value) = (try fields.member("last"), try fields.member("value"))
        let bytes = value.string.flatMap { Base64.decodeStrict($0) }
        guard value.isNull || bytes != nil else { throw Malformed(what: "row \(name) is not strict base64") }
        return Row(name: name, value: bytes, last: last.isNull ? nil : try fields.number("last"))
    }

    private static func cascade(_ view: View) throws(Malformed) -> Cascade {
        let isProved = view.member("why") != nil
        let fields = try Fields(
            view, "a cascade", isProved ? ["count", "sequence", "why"] : ["count", "rows", "sequence", "walks"])
        let (first, count) = (try fields.number("sequence"), try fields.number("count"))
        guard count > 0, count <= UInt64(entriesMax) else { throw Malformed(what: "a cascade has \(count) entries") }
        if isProved { return Cascade(entries: first..<first + count, form: .proved(why: try fields.text("why"))) }
        let rows = try fields.list("rows", most: rowsMax) { view throws(Malformed) in
            guard let index = view.int, index >= 0, index < rowsMax else {
                throw Malformed(what: "a cascade names rows by their places")
            }
            return Int(index)
        }
        let walks = try fields.list("walks", most: rowsMax) { view throws(Malformed) in try walk(view) }
        return Cascade(entries: first..<first + count, form: .derived(rows: rows, walks: walks))
    }

    private static func walk(_ view: View) throws(Malformed) -> RowWalk {
        let fields = try Fields(view, "a walk", ["from", "keys", "table", "whole"])
        let keys = try fields.list("keys", most: rowsMax) { view throws(Malformed) in
            guard let key = view.string else { throw Malformed(what: "a key of a walk is a text") }
            return key
        }
        let from = try fields.text("from")
        for (before, after) in zip([from] + keys, keys)
        where !before.utf8.lexicographicallyPrecedes(after.utf8) && !(before == from && after.hasSameBytes(as: from)) {
            throw Malformed(what: "the keys of a walk do not rise at `\(after)`")
        }
        guard let isWhole = try fields.member("whole").bool else {
            throw Malformed(what: "`whole` of a walk is neither true nor false")
        }
        return RowWalk(from: RowName(table: try fields.text("table"), key: from), keys: keys, isWhole: isWhole)
    }

    private static func rules(_ view: View) throws(Malformed) -> Rules {
        let fields = try Fields(view, "a rule set", ["activated", "acted", "digest", "files"])
        let files = try fields.list("files", most: entriesMax) { view throws(Malformed) in
            let file = try Fields(view, "a rule file", ["digest", "entries", "name"])
            let entries = try file.list("entries", most: entriesMax) { view throws(Malformed) in
                try Fields.number(view, "a rule file's entry")
            }
            return Rules.File(name: try file.text("name"), digest: try file.text("digest"), entries: entries)
        }
        let acted = try fields.list("acted", most: entriesMax) { view throws(Malformed) in
            let rule = try Fields(view, "a rule", ["rule", "text", "version"])
            return Rules.Acted(
                name: try rule.text("rule"), version: try rule.text("version"), text: try rule.text("text"))
        }
        for (place, file) in files.enumerated() where files[..<place].contains(where: { $0.name == file.name }) {
            throw Malformed(what: "a rule set has two files `\(file.name)`")
        }
        return Rules(
            digest: try fields.text("digest"), activated: try fields.number("activated"), files: files, acted: acted)
    }

    private static func left(_ view: View) throws(Malformed) -> Left {
        let fields = try Fields(view, "what was left out", ["cascades", "first", "why"])
        return Left(
            cascades: Int(try fields.number("cascades")), first: try fields.number("first"),
            why: try fields.text("why"))
    }

    private static func result(_ view: View) throws(Malformed) -> Result {
        let fields = try Fields(view, "the result", ["decisions", "differences", "record"])
        let differences = try fields.list("differences", most: entriesMax) { view throws(Malformed) in
            let difference = try Fields(view, "a difference", ["sequence", "what"])
            return Result.Difference(sequence: try difference.number("sequence"), what: try difference.text("what"))
        }
        let record = try fields.member("record")
        return Result(
            decisions: Int(try fields.number("decisions")), differences: differences,
            record: record.isNull ? nil : unsafe record.withCanonicalBytes { unsafe [UInt8]($0) })
    }
}

/// A place of a document that is not as it should be.
private struct Malformed: Error {
    let what: String
}

/// An object that has exactly the members that it should have.
private struct Fields {
    private let view: View
    private let what: String

    init(_ view: View, _ what: String, _ names: Set<String>) throws(Malformed) {
        guard view.kind == .object else { throw Malformed(what: "\(what) is not an object") }
        for child in view.children where !names.contains(child.name ?? "") {
            throw Malformed(what: "\(what) has a member `\(child.name ?? "")`")
        }
        self.view = view
        self.what = what
    }

    func member(_ name: String) throws(Malformed) -> View {
        guard let member = view.member(name) else { throw Malformed(what: "\(what) has no `\(name)`") }
        return member
    }

    func text(_ name: String) throws(Malformed) -> String {
        guard let text = try member(name).string else { throw Malformed(what: "`\(name)` of \(what) is not a text") }
        return text
    }

    func number(_ name: String) throws(Malformed) -> UInt64 {
        try Self.number(try member(name), "`\(name)` of \(what)")
    }

    static func number(_ view: View, _ what: String) throws(Malformed) -> UInt64 {
        guard let number = view.int, number >= 0 else { throw Malformed(what: "\(what) is not a number from 0 on") }
        return UInt64(number)
    }

    func list<T>(_ name: String, most: Int, _ body: (View) throws(Malformed) -> T) throws(Malformed) -> [T] {
        let list = try member(name)
        guard list.kind == .array, list.count <= most else {
            throw Malformed(what: "`\(name)` of \(what) is not a list of at most \(most)")
        }
        var items: [T] = []
        for child in list.children {
            do throws(Malformed) { items.append(try body(child)) } catch {
                throw Malformed(what: "`\(name)`[\(items.count)]: \(error.what)")
            }
        }
        return items
    }
}
