import JSON
package import TransparencyLog

/// Evidence that a log's operator signed two histories, as a file: whoever has the log's key checks it with nothing else.
///
/// The form is on the format's page (`EventLog/FORMAT.md`).
package struct ForkEvidence: Hashable, Sendable {
    /// The reason why a file is no evidence.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    private static let format = "docket.fork/1"
    private static let start = Array(#"{"evidence":"#.utf8)
    /// The largest file: two notes, escaped, and their hashes.
    package static let bytesMax = 8 << 20
    private static let hashesMax = 130

    package let proof: ForkProof

    package init(_ proof: ForkProof) { self.proof = proof }

    /// Returns true if bytes begin as such a file does.
    package static func isLikely(_ bytes: [UInt8]) -> Bool { bytes.starts(with: start) }

    /// Reads a file. What it says is not checked yet.
    /// - Throws: `Failure` for any other form.
    package init(_ bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= Self.bytesMax else {
            throw Failure("it has more than \(Self.bytesMax >> 20) MiB")
        }
        let root: View
        do throws(JSONError) { root = try Document.parse(bytes).root } catch {
            throw Failure("it is not whole: \(error)")
        }
        guard root["evidence"]?.isString("docket.fork/1") == true else {
            throw Failure("it is not of the form `\(Self.format)`")
        }
        let notes = root["notes"].map { $0.children.map { Array(($0.string ?? "").utf8) } } ?? []
        guard notes.count == 2, let contradiction = Self.contradiction(root) else {
            throw Failure("it has not the members of its form")
        }
        proof = ForkProof(notes[0], notes[1], contradiction)
        guard self.bytes == bytes || self.bytes + [UInt8(ascii: "\n")] == bytes else {
            throw Failure("it is not written as its form asks: other members, or not in canonical form")
        }
    }

    private static func contradiction(_ root: View) -> ForkProof.Contradiction? {
        if let prefix = root["prefix"] { return hashes(prefix).map { .prefix($0) } }
        guard let node = root["subtree"] else { return .roots }
        let claims = root["sides"].map { $0.children.map(claim) } ?? []
        guard let level = node["level"]?.int, (0..<63).contains(level), let index = node["index"]?.int, index >= 0,
            claims.count == 2, let first = claims[0], let second = claims[1]
        else { return nil }
        return .subtree(level: Int(level), index: UInt64(index), first: first, second: second)
    }

    private static func claim(_ view: View) -> ForkProof.Claim? {
        guard let hash = view["hash"]?.string.flatMap({ Hash256(base64: $0.utf8) }),
            let path = view["path"].flatMap({ hashes($0) })
        else { return nil }
        return ForkProof.Claim(hash: hash, path: path)
    }

    private static func hashes(_ view: View) -> [Hash256]? {
        guard view.kind == .array, view.count <= hashesMax else { return nil }
        let hashes = view.children.compactMap { $0.string.flatMap { Hash256(base64: $0.utf8) } }
        return hashes.count == view.count ? hashes : nil
    }

    /// The file's bytes: canonical JSON (RFC 8785).
    package var bytes: [UInt8] {
        var writer = CanonicalWriter(capacity: 4096)
        writer.beginObject()
        writer.key("evidence")
        writer.string(Self.format)
        writer.key("notes")
        writer.list([proof.first, proof.second]) { $1.string(String(decoding: $0, as: UTF8.self)) }
        switch proof.contradiction {
        case .roots: break
        case .prefix(let hashes):
            writer.key("prefix")
            writer.list(hashes) { $1.string($0.base64) }
        case .subtree(let level, let index, let first, let second):
            writer.key("sides")
            writer.list([first, second]) { claim, writer in
                writer.beginObject()
                writer.key("hash")
                writer.string(claim.hash.base64)
                writer.key("path")
                writer.list(claim.path) { $1.string($0.base64) }
                writer.endObject()
            }
            writer.key("subtree")
            writer.beginObject()
            writer.key("index")
            writer.int(Int64(clamping: index))
            writer.key("level")
            writer.int(Int64(level))
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }

    /// The proof for people: the two notes and how they contradict each other.
    /// - Parameter key: the log's verifier key, from a trusted place.
    /// - Throws: `Failure` if it proves nothing, or the key is not one.
    package func check(key: String) throws(Failure) -> ForkCheck {
        let verifier: VerifierKey
        do throws(NoteError) { verifier = try VerifierKey(key) } catch {
            throw Failure("`\(key)` is not a verifier key: \(error)")
        }
        do throws(ForkProof.Failure) {
            let (first, second) = try proof.check(key: verifier)
            return ForkCheck(proof: proof, first: first, second: second)
        } catch {
            throw Failure(error.description)
        }
    }
}

/// Evidence that holds.
package struct ForkCheck {
    private let proof: ForkProof
    private let first: Checkpoint
    private let second: Checkpoint

    fileprivate init(proof: ForkProof, first: Checkpoint, second: Checkpoint) {
        self.proof = proof
        self.first = first
        self.second = second
    }

    /// The log's name.
    package var origin: String { first.origin }
    /// The sizes of the two checkpoints.
    package var sizes: [UInt64] { [first.size, second.size] }

    /// The contradiction in one sentence.
    package var what: String {
        switch proof.contradiction {
        case .roots: return "two checkpoints of \(first.size) entries have different roots"
        case .prefix:
            return "the first \(first.size) entries under the checkpoint of \(second.size) are not those under the "
                + "checkpoint of \(first.size)"
        case .subtree(let level, let index, _, _):
            let from = index << UInt64(level), to = from + (1 << UInt64(level)) - 1
            let which = from == to ? "entry \(from) is another" : "entries \(from) to \(to) are others"
            return "\(which) under the checkpoint of \(first.size) entries than under that of \(second.size)"
        }
    }

    /// The verdict with both signed notes.
    package var text: String {
        var lines = ["FORK: the operator of \(origin) signed two histories", "  \(what)"]
        for note in [proof.first, proof.second] {
            lines += ["", "signed by the log:"]
            lines += String(decoding: note, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
        }
        return VisibleText.page(lines)
    }
}
