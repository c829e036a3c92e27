import AgentKit
import Engine
import EventLog
import JSON
import Rules
import TransparencyLog

/// A dispute bundle that was checked with nothing but the log's key: its entries are proved, and its decisions were
/// derived again from the rows that it carries.
package struct DisputeCheck {
    /// The reason why there is nothing to tell.
    package enum Failure: Error, CustomStringConvertible {
        /// The bundle is damaged or proves nothing.
        case bad(String)
        /// It is no bundle, or something else that the check needs is unusable.
        case unusable(String)

        package var description: String {
            switch self {
            case .bad(let why), .unusable(let why): why
            }
        }
    }

    package let subject: DisputeSubject
    package let origin: String
    /// The number of entries that are proved.
    package let entries: Int
    /// The size of the tree that the checkpoint signs.
    package let treeSize: UInt64
    /// The sequences of the decisions that were derived again.
    package let derived: [UInt64]
    /// The sequences of the decisions that are proved to be in the log, of which nothing says that the rules give them.
    package let proved: [UInt64]
    /// Those of them that are about the subject itself: the story rests on them.
    package let notDerived: [UInt64]
    /// The faults of a bundle whose entries are proved, each a sentence; none where every decision that was derived again
    /// is what the rules give.
    package let problems: [String]
    let record: [UInt8]?
    let story: DisputeStory

    /// The outcome of the check, by the words of a verifier.
    package enum Verdict: String, Sendable {
        case ok = "OK"
        case fail = "FAIL"
        /// Nothing is wrong, but a decision about the subject is proved and no more.
        case incomplete = "INCOMPLETE"
    }

    package var verdict: Verdict { problems.isEmpty ? notDerived.isEmpty ? .ok : .incomplete : .fail }
    package var isGood: Bool { verdict == .ok }

    /// The number of decisions that were derived again.
    package var decisions: Int { derived.count }

    /// The first thing for which the verdict is not OK, in a sentence; nil where it is.
    package var objection: String? {
        if let problem = problems.first { return problem }
        guard !notDerived.isEmpty else { return nil }
        return "decisions about \(subject) are proved, but not derived again: \(SequenceList.text(notDerived))"
    }

    /// - Parameter key: the log's C2SP verifier key, from a trusted place.
    /// - Throws: `Failure` if the bundle cannot be read or an entry is not proved.
    package init(_ bytes: [UInt8], key: String) throws(Failure) {
        let verifier: VerifierKey
        do { verifier = try VerifierKey(key) } catch { throw .unusable("`\(key)` is not a verifier key: \(error)") }
        let bundle: DisputeBundle
        do throws(BundleRefusal) { bundle = try DisputeBundle(reading: bytes) } catch {
            switch error {
            case .other(let why): throw .unusable(why)
            case .malformed(let why): throw .bad(why)
            }
        }
        try self.init(bundle, verifier)
    }

    init(_ bundle: DisputeBundle, _ key: VerifierKey) throws(Failure) {
        let proved = try ProvedEntries(bundle, key)
        var cascades = try CascadeCheck(bundle, proved)
        cascades.run()
        var problems = cascades.problems
        problems += RulesCheck(bundle, proved, cascades.player.ruleSets, cascades.decisions).problems
        let result = DisputeBundle.Result(
            decisions: cascades.decisions.count, differences: cascades.differences, record: cascades.record)
        if problems.isEmpty, result != bundle.result {
            problems.append("the result that the bundle states is not what its decisions give")
        }
        subject = bundle.subject
        origin = bundle.origin
        entries = bundle.entries.count
        treeSize = proved.checkpoint.size
        derived = cascades.decisions.map(\.root.sequence)
        record = cascades.record
        let again = Set(derived)
        let decisions = proved.documents.filter { $0.root["agent"] != nil }.map(\.root.sequence)
        self.proved = decisions.filter { !again.contains($0) }
        story = DisputeStory(
            bundle, proved.documents, cascades, decisions: (derived: derived, proved: self.proved),
            signed: "a checkpoint of \(proved.checkpoint.size) entries, signed with \(Self.short(key))")
        notDerived = story.decisions.filter { !again.contains($0) }
        self.problems = problems
    }
}

extension DisputeCheck {
    /// The name and the hash of a key, without the key itself.
    private static func short(_ key: VerifierKey) -> String {
        key.description.split(separator: "+").prefix(2).joined(separator: "+")
    }
}

/// The entries of a bundle, each proved to be in the log.
struct ProvedEntries {
    let checkpoint: Checkpoint
    /// In log order.
    let documents: [Document]
    let bySequence: [UInt64: Document]

    init(_ bundle: DisputeBundle, _ key: VerifierKey) throws(DisputeCheck.Failure) {
        do throws(NoteError) { checkpoint = try Checkpoint.open(bundle.checkpoint, key: key) } catch {
            throw .bad("checkpoint: \(error)")
        }
        guard bundle.origin.hasSameBytes(as: checkpoint.origin) else {
            throw .bad("the bundle says that it is of `\(bundle.origin)`, its checkpoint is of `\(checkpoint.origin)`")
        }
        var documents: [Document] = []
        for entry in bundle.entries {
            let proof = InclusionProof(index: entry.sequence, hashes: entry.proof)
            do throws(ProofError) {
                try proof.verify(leaf: leafHash(entry.bytes), size: checkpoint.size, root: checkpoint.root)
            } catch {
                throw .bad("entry \(entry.sequence): \(error)")
            }
            guard let document = try? Document.parse(entry.bytes), document.bytes == entry.bytes,
                document.root["sequence"]?.string == EntrySequence(entry.sequence).padded
            else { throw .bad("entry \(entry.sequence) does not say that it is number \(entry.sequence)") }
            documents.append(document)
        }
        self.documents = documents
        bySequence = Dictionary(documents.map { ($0.root.sequence, $0) }) { first, _ in first }
    }
}

/// The rule sets that a bundle names, held against the entries that recorded them and the rules that were loaded.
struct RulesCheck {
    private(set) var problems: [String] = []
    private let entries: [UInt64: Document]

    init(_ bundle: DisputeBundle, _ proved: ProvedEntries, _ loaded: [RuleSet], _ decisions: [Document]) {
        entries = proved.bySequence
        let decided = Set(decisions.map { $0.root.text("ruleset") })
        for digest in decided.sorted() where !bundle.rules.contains(where: { $0.digest == digest }) {
            problems.append("the bundle does not name rule set \(EntryFormatter.shortened(hash: digest))")
        }
        for rules in bundle.rules {
            guard let ruleSet = loaded.first(where: { $0.digest == rules.digest }) else {
                let name = EntryFormatter.shortened(hash: rules.digest)
                problems.append("no decision here was made under rule set \(name)")
                continue
            }
            check(rules, decisions.filter { $0.root.text("ruleset") == rules.digest })
            let names = Set(
                decisions.filter { $0.root.text("ruleset") == rules.digest }.compactMap { $0.root["rule"]?.string })
            let acted = ruleSet.rules.filter { names.contains($0.qualifiedName) }.map {
                DisputeBundle.Rules.Acted(name: $0.qualifiedName, version: $0.version, text: $0.text)
            }
            for (mine, theirs) in zip(acted, rules.acted) where !Self.isSame(mine, theirs) {
                problems.append("rule `\(mine.name)` is not written so in its file")
            }
            if acted.count != rules.acted.count { problems.append("the rules that decided are others than it names") }
        }
    }

    private static func isSame(_ a: DisputeBundle.Rules.Acted, _ b: DisputeBundle.Rules.Acted) -> Bool {
        a.name.hasSameBytes(as: b.name) && a.version.hasSameBytes(as: b.version) && a.text.hasSameBytes(as: b.text)
    }

    /// Compares the files with the activation, and their texts with their digests; the activation with the decisions.
    private mutating func check(_ rules: DisputeBundle.Rules, _ decisions: [Document]) {
        let name = EntryFormatter.shortened(hash: rules.digest)
        guard let activated = entries[rules.activated].flatMap({ RulesetActivated(of: $0.root) }),
            activated.digest == rules.digest
        else {
            problems.append("entry \(rules.activated) does not activate rule set \(name)")
            return
        }
        for decision in decisions {
            let from = activated.effectiveFrom
            let isEarly = from.flatMap { from in decision.root.instant("recordedtime").map { $0 < from } } ?? false
            guard decision.root.sequence <= rules.activated || isEarly else { continue }
            problems.append(
                "entry \(decision.root.sequence) was decided under rule set \(name) before entry \(rules.activated) put it "
                    + "in force")
            break
        }
        var named: [String: String] = [:]
        activated.files?.forEachMember { name, digest in named[name] = digest.string ?? "" }
        if named != Dictionary(rules.files.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first }) {
            problems.append("rule set \(name) has other files by entry \(rules.activated)")
        }
        for file in rules.files {
            let parts = file.entries.map { entries[$0].flatMap { RulesetFileAdded(of: $0.root) } }
            let text = parts.flatMap { Array(($0?.content ?? "").utf8) }
            if EntryChain.digest(text) != file.digest {
                problems.append("the entries named for `\(file.name)` do not hold a text of that digest")
            }
        }
    }
}

/// Sequences in words, those that follow one another as a range: `#41–#57, #60`.
enum SequenceList {
    static func text(_ sequences: [UInt64]) -> String {
        var ranges: [ClosedRange<UInt64>] = []
        for sequence in sequences.sorted() {
            if let last = ranges.last, last.upperBound &+ 1 == sequence {
                ranges[ranges.count - 1] = last.lowerBound...sequence
            } else {
                ranges.append(sequence...sequence)
            }
        }
        return ranges.map { range in
            range.count == 1 ? "#\(range.lowerBound)" : "#\(range.lowerBound)–#\(range.upperBound)"
        }.joined(separator: ", ")
    }
}
