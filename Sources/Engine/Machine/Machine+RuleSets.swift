package import AgentKit
import JSON
package import Rules

extension Machine {
    /// Rule files are recorded in parts of at most 32 KiB of text.
    static let rulePartBytesMax = 32 * 1024
    /// Bytes that a part may take in an entry, escapes included.
    static let rulePartEscapedBytesMax = 60_000

    /// Records the files that the log does not hold yet, and the activation. With a later `effectiveFrom` the rule set
    /// in force stays until the clock reaches it. Schedules that stand go on to stand.
    package func activate(
        _ ruleSet: RuleSet, at time: Instant, by authority: String, effectiveFrom: Instant?
    ) {
        adoptDue(by: time)
        let files = ruleSet.files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for file in files {
            let digest = ruleSet.fileDigests[file.name] ?? ""
            guard !state.ruleFiles.contains(digest) else { continue }
            let parts = Self.parts(of: file.text)
            for (index, part) in parts.enumerated() {
                appendLedgerEntry(
                    RulesetFileAddedData(
                        content: String(decoding: part, as: UTF8.self), digest: digest, file: file.name,
                        part: Int64(index + 1), parts: Int64(parts.count)),
                    subject: file.name, by: authority, at: time)
            }
        }
        appendLedgerEntry(
            RulesetActivatedData(
                digest: ruleSet.digest, effectiveFrom: effectiveFrom, engine: Self.engineNumber,
                files: ruleSet.fileDigests),
            subject: ruleSet.digest, by: authority, at: time)
        if let effectiveFrom, effectiveFrom > time {
            waiting[ruleSet.digest] = ruleSet
        } else if ruleSet !== self.ruleSet {
            adopt(ruleSet)
        }
    }

    /// Records that a schedule which stands is taken back.
    package func cancel(_ schedule: RuleSetSchedule, at time: Instant, by authority: String) {
        adoptDue(by: time)
        appendLedgerEntry(
            RulesetScheduleCancelledData(activated: schedule.activated.padded), subject: schedule.digest,
            by: authority, at: time)
        forgetLoaded()
    }

    // MARK: Coming into force

    /// Puts in force what comes into force by `time`: an entry of that time is about to be recorded.
    func adoptDue(by time: Instant) {
        guard let digest = foldDue(by: time) else { return }
        adopt(scheduled(digest))
        forgetLoaded()
    }

    /// Folds that rule sets came into force by `time`, one after the other.
    /// - Returns: the last of them; nil where none did.
    func foldDue(by time: Instant) -> String? {
        guard time >= state.nextRuleSetFrom else { return nil }
        let due = state.standingSchedules().prefix { $0.from <= time }
        for schedule in due { state.putInForce(schedule) }
        return due.last?.digest
    }

    /// The rule set that decides on what is recorded at `time`, which is not before the clock.
    package func ruleSet(at time: Instant) -> RuleSet? { ruleSet(at: time, without: nil) }

    /// - Parameter cancelled: a schedule that is not to count.
    package func ruleSet(at time: Instant, without cancelled: EntrySequence?) -> RuleSet? {
        guard time >= state.nextRuleSetFrom,
            let digest = state.standingSchedules().last(where: { $0.from <= time && $0.activated != cancelled })?.digest
        else { return ruleSet }
        return digest == ruleSet?.digest ? ruleSet : scheduled(digest)
    }

    /// The rule sets that come into force later, in order.
    package var upcomingRuleSets: [(from: Instant, ruleSet: RuleSet)] {
        state.standingSchedules().map { ($0.from, scheduled($0.digest)) }
    }

    /// Loads what comes into force later.
    /// - Throws: where a rule set is in error, as one may be that another version of this program recorded.
    func loadUpcoming() throws(RuleSetError) {
        for schedule in state.standingSchedules() where waiting[schedule.digest] == nil {
            waiting[schedule.digest] = try load(schedule.digest)
        }
    }

    private func scheduled(_ digest: String) -> RuleSet {
        if let known = waiting[digest] { return known }
        guard let ruleSet = try? load(digest) else {
            preconditionFailure("rule set `\(digest)` was checked before it was recorded")
        }
        waiting[digest] = ruleSet
        return ruleSet
    }

    /// Loads a rule set from the files that the log holds.
    package func load(_ digest: String) throws(RuleSetError) -> RuleSet {
        if let activated = state.ruleSets[digest]?.activated,
            let engine = recorded(activated)?.root["data"]?["engine"]?.int, engine < Self.engineNumberLeast
        {
            throw RuleSetError([
                RuleDiagnostic(
                    file: "", line: 0, column: 0,
                    message: "this log's rules are of engine \(engine); "
                        + "this program reads \(Self.engineNumberLeast) and later")
            ])
        }
        guard let files = ruleFiles(of: digest) else {
            throw RuleSetError([
                RuleDiagnostic(file: "", line: 0, column: 0, message: "the log lacks a file of rule set `\(digest)`")
            ])
        }
        return try RuleSet.load(files: files, host: ruleHost)
    }

    private func forgetLoaded() {
        let standing = Set(state.standingSchedules().map(\.digest))
        waiting = waiting.filter { standing.contains($0.key) }
    }

    /// Splits a text between characters into parts that fit into entries.
    static func parts(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var escaped = 0
        for (index, byte) in text.enumerated() {
            let isBoundary = byte & 0xC0 != 0x80
            if isBoundary, index - start > rulePartBytesMax - 4 || escaped > rulePartEscapedBytesMax {
                parts.append(text[start..<index])
                start = index
                escaped = 0
            }
            escaped += byte < 0x20 ? 6 : byte == 0x22 || byte == 0x5C ? 2 : 1
        }
        if start < text.count || parts.isEmpty { parts.append(text[start...]) }
        return parts
    }

    /// The files of a rule set that the log holds, as they were written; nil where it holds no such set.
    package func ruleFiles(of digest: String) -> [RuleFile]? {
        guard let row = state.ruleSets[digest] else { return nil }
        var files: [RuleFile] = []
        for (name, digest) in row.files.sorted(by: { $0.key < $1.key }) {
            guard let parts = state.ruleFiles[digest]?.parts else { return nil }
            var text: [UInt8] = []
            for part in parts {
                guard let data = recorded(part)?.root["data"] else { return nil }
                text.append(contentsOf: RulesetFileAdded(data).content.utf8)
            }
            files.append(RuleFile(name: name, text: text))
        }
        return files
    }

    /// The digest of the rule set that the folded entries put in force.
    package var activeRuleSet: String? { state.engine[EngineState.only]?.ruleSet }
}

extension Machine {
    /// Appends the first entries: what ledger this is, the files of its rule set, and its activation.
    package func begin(with ruleSet: RuleSet, at time: Instant) {
        adopt(ruleSet)
        appendLedgerEntry(
            LedgerCreatedData(
                clock: settings.clock.rawValue, format: 1, origin: settings.origin, verifierKey: settings.verifierKey),
            subject: nil, by: Self.genesisAuthority, at: time)
        activate(ruleSet, at: time, by: Self.genesisAuthority, effectiveFrom: nil)
    }

    /// Authority of the first entries.
    static let genesisAuthority = "ledger"

    /// Appends a trigger of the ledger itself: of its genesis, or of a change of its rules.
    func appendLedgerEntry<D: EventData>(_ data: D, subject: String?, by authority: String, at time: Instant) {
        guard let type = ruleSet?.eventType(named: D.type) else { preconditionFailure("no type `\(D.type)`") }
        let start = mark()
        let sequence = next
        unsafe data.bytes.withUnsafeBytes { data in
            unsafe encoder.trigger(
                type: D.type, subject: subject, data: data, authority: authority, source: "/engine", cause: nil,
                at: sequence, time: time, after: chain)
        }
        appendEncoded(type: type, depth: 0, time: time)
        if let subject { state.subjects[subject] = SubjectRow(last: sequence) }
        let head = CascadeHead(recordedTime: time, correlation: .trigger(sequence), traceParent: nil, subject: subject)
        _ = runCascade(from: start, head: head)
    }
}
