import AgentKit
import Engine
import JSON
import Rules

/// What a dispute bundle tells people, put together from its proved entries alone: the story as a timeline, what it is
/// about, the money that moved, the rules that decided, and what was checked.
struct DisputeStory {
    /// The subject's first event and its state.
    let headline: String
    let state: String
    /// The same of the order or request that it is about; nil if it is about none.
    let about: (name: SubjectName, headline: String, state: String)?
    let rows: [TimelineRow]
    /// What else happened to what it is about.
    let relatedRows: [TimelineRow]
    let money: [TimelineRow]
    let rules: [Rule]
    /// What was checked and what was not, a sentence each.
    let checked: [String]
    /// The sequences of the decisions about the subject itself.
    let decisions: [UInt64]

    /// A rule that decided something.
    struct Rule {
        let name: String
        let version: String
        let file: String
        /// As written.
        let text: String
    }

    init(
        _ bundle: DisputeBundle, _ documents: [Document], _ cascades: CascadeCheck,
        decisions: (derived: [UInt64], proved: [UInt64]), signed: String
    ) {
        let subject = bundle.subject
        var versions = RuleVersions()
        var sentences = Sentences.ofEngine
        for ruleSet in cascades.player.ruleSets {
            versions.add(ruleSet)
            sentences = ruleSet.sentences.over(sentences)
        }
        let wording = Wording(
            EntryFormatter(cascades.player.ruleSets.last, alsoSaying: sentences),
            present: documents.last?.root.instant("recordedtime"),
            erased: Set(documents.compactMap { ErasureCompleted(of: $0.root)?.userId }))
        let builder = TimelineBuilder(wording: wording, versions: versions)

        let own = Self.entries(of: subject.name, in: documents)
        let events = own.filter { Self.isEvent($0.root, of: subject) }
        headline = subject.id + "  " + (events.first.map { wording.sentence($0.root) } ?? "")
        state = events.dropFirst().last { $0.root["agent"] != nil }.map { wording.sentence($0.root) } ?? ""
        rows = builder.rows(own)
        let mine = Set(own.map(\.root.sequence))
        let related = Self.related(to: subject, in: events)
        let theirs = related.map { Self.entries(of: $0, in: documents) } ?? []
        about = related.map { related in
            let events = theirs.filter { Self.isEvent($0.root, of: related) }
            return (
                related, related.id + "  " + (events.first.map { wording.sentence($0.root) } ?? "not in this log"),
                events.dropFirst().last { $0.root["agent"] != nil }.map { wording.sentence($0.root) } ?? ""
            )
        }
        relatedRows = builder.rows(theirs.filter { !mine.contains($0.root.sequence) })
        let all = (own + theirs.filter { !mine.contains($0.root.sequence) })
            .sorted { $0.root.sequence < $1.root.sequence }
        money = all.flatMap { Self.money($0.root, wording) }
        rules = Self.rules(bundle, cascades.player.ruleSets)
        self.decisions = own.filter { $0.root["agent"] != nil }.map(\.root.sequence)
        checked = Self.checked(bundle, cascades, decisions, signed: signed)
    }

    // MARK: Entries

    /// The entries that belong to a subject, among those of a bundle, which has all of them.
    private static func entries(of subject: SubjectName, in documents: [Document]) -> [Document] {
        var filter = SubjectFilter(subject)
        return documents.filter { document in
            unsafe document.withBytes { bytes in unsafe filter.take(document.root.sequence, bytes) != nil }
        }
    }

    /// Returns true for an event of the subject itself, such as `complaint.closed`.
    static func isEvent(_ entry: View, of subject: DisputeSubject) -> Bool {
        isEvent(entry, words: subject.words, member: subject.kind.rawValue + "Id", id: subject.id)
    }

    private static func isEvent(_ entry: View, of name: SubjectName) -> Bool {
        if let kind = DisputeSubject.Kind(rawValue: name.kind) {
            return isEvent(entry, of: DisputeSubject(kind: kind, id: name.id))
        }
        return isEvent(entry, words: [name.kind], member: name.kind + "Id", id: name.id)
    }

    private static func isEvent(_ entry: View, words: Set<String>, member: String, id: String) -> Bool {
        guard let type = entry["type"]?.string, let word = type.split(separator: ".").first else { return false }
        return words.contains(String(word)) && entry["data"]?.member(member)?.equals(id) == true
    }

    /// The order or request that a complaint names.
    static func related(to subject: DisputeSubject, in events: [Document]) -> SubjectName? {
        guard subject.kind == .complaint else { return nil }
        for event in events {
            for kind in ["order", "request"] {
                if let id = event.root["data"]?.member(kind + "Id")?.string, !id.isEmpty {
                    return SubjectName(kind: kind, id: id)
                }
            }
        }
        return nil
    }

    // MARK: Parts

    /// A row for each movement of an entry.
    private static func money(_ entry: View, _ wording: Wording) -> [TimelineRow] {
        guard let posted = TransferPosted(of: entry) else { return [] }
        return posted.transfers.map { transfer in
            let amount = wording.formatter.amount(transfer.amount, transfer.currency)
            let flags = transfer.flags
            let effect =
                flags.contains("voidPendingTransfer")
                ? ", no longer set aside"
                : flags.contains("postPendingTransfer")
                    ? ", which was set aside"
                    : flags.contains("pending") ? ", set aside" : ""
            return TimelineRow(
                time: wording.time(of: entry),
                text: "\(amount) from \(transfer.debitAccount) to \(transfer.creditAccount)\(effect)",
                place: "#\(entry.sequence)", source: posted.purpose)
        }
    }

    private static func rules(_ bundle: DisputeBundle, _ ruleSets: [RuleSet]) -> [Rule] {
        var seen: Set<String> = []
        return bundle.rules.flatMap { rules in
            let loaded = ruleSets.first { $0.digest == rules.digest }
            return rules.acted.compactMap { acted -> Rule? in
                guard seen.insert(acted.name + " " + acted.version + "\n" + acted.text).inserted else { return nil }
                let rule = loaded?.rules.first { $0.qualifiedName == acted.name }
                return Rule(
                    name: acted.name, version: acted.version,
                    file: rule.map { "\($0.file), line \($0.line)" } ?? "", text: acted.text)
            }
        }
    }

    private static func checked(
        _ bundle: DisputeBundle, _ cascades: CascadeCheck, _ decisions: (derived: [UInt64], proved: [UInt64]),
        signed: String
    ) -> [String] {
        let proved = bundle.cascades.filter { if case .proved = $0.form { true } else { false } }
        var lines = [
            "\(count(bundle.entries.count, "entry", "entries")) \(bundle.entries.count == 1 ? "is" : "are") proved to be "
                + "in the log \(bundle.origin), under \(signed)"
        ]
        if cascades.differences.isEmpty {
            lines.append(
                "\(count(cascades.decisions.count, "decision", "decisions")) of "
                    + "\(count(cascades.cascades, "cascade", "cascades")) were derived again and came out the same, "
                    + "byte for byte" + (decisions.derived.isEmpty ? "" : ": \(SequenceList.text(decisions.derived))"))
        } else {
            lines.append(
                "of \(count(cascades.cascades, "cascade", "cascades")) that were derived again, "
                    + "\(cascades.differences.count) did NOT come out as recorded")
        }
        if cascades.cascades > 0 {
            let held = "in \(count(cascades.followed, "place", "places")) a cascade above left the row as it is claimed"
            lines.append(
                "they were derived from \(count(bundle.rows.count, "row", "rows")) of the ledger's tables, which are the "
                    + "operator's claim: `docket recompute` checks them, with the whole log"
                    + (cascades.followed > 0 ? "; " + held : ""))
        }
        for rules in bundle.rules {
            lines.append(
                "rule set \(EntryFormatter.shortened(hash: rules.digest)), activated by #\(rules.activated): the "
                    + "\(count(rules.files.count, "file", "files")) are in the bundle as the log has them")
        }
        for (why, places) in Dictionary(grouping: proved, by: why(of:)).sorted(by: { $0.key < $1.key }) {
            let shown = SequenceList.text(places.flatMap { Array($0.entries) })
            lines.append("proved but not derived again: \(shown); the bundle says: \(why)")
        }
        let alone = decisions.proved.filter { sequence in !bundle.cascades.contains { $0.entries.contains(sequence) } }
        if !alone.isEmpty {
            lines.append(
                "carried without their cascades, proved but not recomputed: \(SequenceList.text(alone))")
        }
        if !cascades.unseenEnds.isEmpty {
            lines.append("more decisions may follow at once from \(SequenceList.text(cascades.unseenEnds))")
        }
        if let left = bundle.left {
            lines.append(
                "left out: \(count(left.cascades, "cascade", "cascades")), the first that of #\(left.first); the bundle says: \(left.why)"
            )
        }
        lines.append("that nothing else in the log is about \(bundle.subject) cannot be seen from a bundle")
        return lines
    }

    private static func why(of cascade: DisputeBundle.Cascade) -> String {
        if case .proved(let why) = cascade.form { why } else { "" }
    }

    private static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }
}

extension DisputeCheck {
    /// The story for people, and what was checked, laid out in lines.
    package var text: String {
        var lines = Self.lines(story.headline, story.state)
        if let about = story.about { lines += Self.lines("  about " + about.headline, about.state) }
        lines += [""] + TimelineRow.lines(story.rows)
        if let about = story.about, !story.relatedRows.isEmpty {
            lines += ["", "What else happened to \(about.name)", ""] + TimelineRow.lines(story.relatedRows)
        }
        if !story.money.isEmpty { lines += ["", "Money that moved", ""] + TimelineRow.lines(story.money) }
        if !story.rules.isEmpty {
            lines += ["", "Rules that decided", ""]
            let width = story.rules.map { $0.name.count + $0.version.count + 1 }.max() ?? 0
            lines += story.rules.map { "  " + "\($0.name) \($0.version)".padded(width) + "  " + $0.file }
        }
        if !notDerived.isEmpty, let objection, problems.isEmpty {
            lines += ["", "NOT everything could be checked", ""] + Self.item(objection)
        }
        if !problems.isEmpty { lines += ["", "NOT what it should be", ""] + problems.flatMap(Self.item) }
        lines += ["", "Checked", ""] + story.checked.flatMap(Self.item)
        return VisibleText.page(lines) + "\n"
    }

    /// `{decisions, derived, entries, id, kind, notDerived, origin, problems, proved, record, treeSize, verdict}`, canonical:
    /// `derived` are the sequences of the decisions that were derived again, `proved` of those that were not, and
    /// `notDerived` of those among them that are about the subject itself.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 2048)
        writer.beginObject()
        writer.key("decisions")
        writer.int(Int64(decisions))
        writer.key("derived")
        writer.list(derived) { sequence, writer in writer.int(Int64(clamping: sequence)) }
        writer.key("entries")
        writer.int(Int64(entries))
        writer.key("id")
        writer.string(subject.id)
        writer.key("kind")
        writer.string(subject.kind.rawValue)
        writer.key("notDerived")
        writer.list(notDerived) { sequence, writer in writer.int(Int64(clamping: sequence)) }
        writer.key("origin")
        writer.string(origin)
        writer.key("problems")
        writer.list(problems) { problem, writer in writer.string(problem) }
        writer.key("proved")
        writer.list(proved) { sequence, writer in writer.int(Int64(clamping: sequence)) }
        writer.key("record")
        if let record { unsafe record.withUnsafeBytes { unsafe writer.raw($0) } } else { writer.null() }
        writer.key("treeSize")
        writer.int(Int64(clamping: treeSize))
        writer.key("verdict")
        writer.string(verdict.rawValue)
        writer.endObject()
        return writer.bytes
    }

    /// A headline with the state beside it, or under it where there is no room.
    private static func lines(_ headline: String, _ state: String) -> [String] {
        if state.isEmpty { return [headline] }
        return headline.count <= 72 ? [headline.padded(72) + " " + state] : [headline, "    " + state]
    }

    /// A sentence in lines of a page, the first of which begins with a dash.
    private static func item(_ text: String) -> [String] {
        wrapped(text, 100).enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
    }
}
