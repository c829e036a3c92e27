import AgentKit
import Engine
package import EventLog
import JSON
import TransparencyLog

/// Everything on one dispute in one file, which is checked with the log's key alone.
///
/// `make` takes it from a log: `DisputeEntries` finds the cascades that matter, `CascadePlayer` derives each again and a
/// `ReadRecorder` notes the rows that this reads, `RowOrigins` finds from which entries they were last folded. It is
/// written as one JSON document (`bytes`; its form is in `EventLog/FORMAT.md`), read strictly (`BundleReading`), and
/// checked by `DisputeCheck`, which makes the `DisputeStory` for people of it; `DisputePage` is that as a page.
package struct DisputeBundle: Sendable {
    /// The format's name and version, the value of the first member.
    static let format = "docket.dispute/1"
    /// Bytes of the longest bundle that is read.
    package static let bytesMax = 64 << 20

    /// An entry with the hashes that lead from it to the checkpoint's root.
    struct Entry: Sendable {
        let sequence: UInt64
        let bytes: [UInt8]
        let proof: [Hash256]
    }

    /// A row as the operator says it was.
    struct Row: Sendable, Hashable {
        let name: RowName
        /// In stored form; nil where there was none.
        let value: [UInt8]?
        /// The entry from which it was last folded; nil where none ever touched it.
        let last: UInt64?
    }

    /// A trigger and what followed from it at once.
    struct Cascade: Sendable {
        enum Form: Sendable {
            /// Its decisions can be derived again from these rows, by their places in the list, and walks over keys.
            case derived(rows: [Int], walks: [RowWalk])
            /// Its entries are proved, no more; says why.
            case proved(why: String)
        }

        let entries: Range<UInt64>
        let form: Form
    }

    /// A rule set under which cascades are derived.
    struct Rules: Sendable {
        /// A file with the entries that hold its text.
        struct File: Sendable, Equatable {
            let name: String
            let digest: String
            let entries: [UInt64]
        }

        /// A rule that decided something here.
        struct Acted: Sendable, Equatable {
            let name: String
            let version: String
            /// As written.
            let text: String
        }

        let digest: String
        /// The entry that put it in force or scheduled it.
        let activated: UInt64
        let files: [File]
        let acted: [Acted]
    }

    /// What was left out because a bundle has its bounds.
    struct Left: Sendable, Equatable {
        let cascades: Int
        /// The trigger of the first of them.
        let first: UInt64
        let why: String
    }

    /// What deriving gave.
    struct Result: Sendable, Equatable {
        struct Difference: Sendable, Equatable {
            let sequence: UInt64
            let what: String
        }

        /// The number of decisions that were derived again.
        let decisions: Int
        /// The first entry of each cascade that is not what the rules give.
        let differences: [Difference]
        /// The subject's record behind the last cascade that was derived, as canonical JSON; nil where it has none.
        let record: [UInt8]?
    }

    let subject: DisputeSubject
    /// The log's name.
    let origin: String
    /// The signed note to whose root the proofs lead.
    let checkpoint: [UInt8]
    /// In log order.
    let entries: [Entry]
    /// In log order.
    let cascades: [Cascade]
    let rows: [Row]
    let rules: [Rules]
    let left: Left?
    let result: Result
}

extension DisputeBundle {
    /// The file: canonical JSON, without a line feed at the end.
    package var bytes: [UInt8] {
        var writer = CanonicalWriter(capacity: 1 << 18)
        writer.beginObject()
        writer.key("bundle")
        writer.string(Self.format)
        writer.key("cascades")
        writer.list(cascades) { cascade, writer in cascade.write(to: &writer) }
        writer.key("checkpoint")
        writer.string(String(decoding: checkpoint, as: UTF8.self))
        writer.key("engine")
        writer.int(Machine.engineNumber)
        writer.key("entries")
        writer.list(entries) { entry, writer in entry.write(to: &writer) }
        writer.key("id")
        writer.string(subject.id)
        writer.key("kind")
        writer.string(subject.kind.rawValue)
        writer.key("left")
        if let left { left.write(to: &writer) } else { writer.null() }
        writer.key("origin")
        writer.string(origin)
        writer.key("result")
        result.write(to: &writer)
        writer.key("rows")
        writer.list(rows) { row, writer in row.write(to: &writer) }
        writer.key("rules")
        writer.list(rules) { rules, writer in rules.write(to: &writer) }
        writer.endObject()
        return writer.bytes
    }
}

extension DisputeBundle.Entry {
    fileprivate func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("entry")
        writer.string(String(decoding: bytes, as: UTF8.self))
        writer.key("proof")
        writer.list(proof) { hash, writer in writer.string(hash.base64) }
        writer.key("sequence")
        writer.int(Int64(sequence))
        writer.endObject()
    }
}

extension DisputeBundle.Cascade {
    fileprivate func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("count")
        writer.int(Int64(entries.count))
        switch form {
        case .derived(let rows, let walks):
            writer.key("rows")
            writer.list(rows) { row, writer in writer.int(Int64(row)) }
            writer.key("sequence")
            writer.int(Int64(entries.lowerBound))
            writer.key("walks")
            writer.list(walks) { walk, writer in
                writer.beginObject()
                writer.key("from")
                writer.string(walk.from.key)
                writer.key("keys")
                writer.list(walk.keys) { key, writer in writer.string(key) }
                writer.key("table")
                writer.string(walk.from.table)
                writer.key("whole")
                writer.bool(walk.isWhole)
                writer.endObject()
            }
        case .proved(let why):
            writer.key("sequence")
            writer.int(Int64(entries.lowerBound))
            writer.key("why")
            writer.string(why)
        }
        writer.endObject()
    }
}

extension DisputeBundle.Row {
    fileprivate func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("key")
        writer.string(name.key)
        writer.key("last")
        if let last { writer.int(Int64(last)) } else { writer.null() }
        writer.key("table")
        writer.string(name.table)
        writer.key("value")
        if let value { writer.string(Base64.encode(value)) } else { writer.null() }
        writer.endObject()
    }
}

extension DisputeBundle.Rules {
    fileprivate func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("acted")
        writer.list(acted) { rule, writer in
            writer.beginObject()
            writer.key("rule")
            writer.string(rule.name)
            writer.key("text")
            writer.string(rule.text)
            writer.key("version")
            writer.string(rule.version)
            writer.endObject()
        }
        writer.key("activated")
        writer.int(Int64(activated))
        writer.key("digest")
        writer.string(digest)
        writer.key("files")
        writer.list(files) { file, writer in
            writer.beginObject()
            writer.key("digest")
            writer.string(file.digest)
            writer.key("entries")
            writer.list(file.entries) { sequence, writer in writer.int(Int64(sequence)) }
            writer.key("name")
            writer.string(file.name)
            writer.endObject()
        }
        writer.endObject()
    }
}

extension DisputeBundle.Left {
    fileprivate func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("cascades")
        writer.int(Int64(cascades))
        writer.key("first")
        writer.int(Int64(first))
        writer.key("why")
        writer.string(why)
        writer.endObject()
    }
}

extension DisputeBundle.Result {
    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("decisions")
        writer.int(Int64(decisions))
        writer.key("differences")
        writer.list(differences) { difference, writer in
            writer.beginObject()
            writer.key("sequence")
            writer.int(Int64(difference.sequence))
            writer.key("what")
            writer.string(difference.what)
            writer.endObject()
        }
        writer.key("record")
        if let record { unsafe record.withUnsafeBytes { unsafe writer.raw($0) } } else { writer.null() }
        writer.endObject()
    }
}

extension DisputeBundle {
    /// Makes the bundle of a dispute from a log, and checks it as whoever gets it will.
    /// - Parameters:
    ///   - foldedMax: the number of entries beyond which a snapshot of the views is looked for instead of folding them.
    ///   - isThreaded: whether it uses all cores; else all is done on the caller's thread, at its priority.
    ///   - isAbandoned: polled while the log is read, by any thread; true ends it with an error.
    /// - Returns: nil if no entry of the log is about the subject.
    /// - Throws: `ReplayError` if the log cannot be read or folded, or the bundle does not check.
    package static func make(
        _ subject: DisputeSubject, from log: EventLog, foldedMax: UInt64 = 8_192,
        isThreaded: Bool = false, isAbandoned: @escaping () -> Bool = { false }
    ) throws(ReplayError) -> (bytes: [UInt8], check: DisputeCheck)? {
        guard
            let bundle = try DisputeMaker.make(
                subject, from: log, foldedMax: foldedMax, isThreaded: isThreaded, isAbandoned: isAbandoned)
        else { return nil }
        let bytes = bundle.bytes
        do throws(DisputeCheck.Failure) {
            return (bytes, try DisputeCheck(bytes, key: log.verifierKey.description))
        } catch {
            throw ReplayError(.damaged, "the bundle does not check: \(error)")
        }
    }
}
