package import AgentKit
import JSON
package import Rules

/// Changes of the rules, recorded: the genesis, activations and the end of schedules.
extension Machine {
    /// Appends the first entries: the origin of the ledger, the files of its rule set, and its activation.
    package func begin(with ruleSet: RuleSet, at time: Instant) {
        adopt(ruleSet)
        play(
            LedgerCreatedData(
                clock: settings.clock.rawValue, format: 1, origin: settings.origin, verifierKey: settings.verifierKey),
            subject: nil, authority: Self.genesisAuthority, source: "/engine", at: time)
        activate(ruleSet, at: time, by: Self.genesisAuthority, effectiveFrom: nil)
    }

    /// Authority of the first entries.
    private static let genesisAuthority = "ledger"

    /// Rule files are recorded in parts of at most 32 KiB of text.
    private static let rulePartBytesMax = 32 * 1024
    /// Bytes that a part may take in an entry, escapes included.
    private static let rulePartEscapedBytesMax = 60_000

    /// Records the files that the log does not hold yet, and the activation. With a later `effectiveFrom` the rule set
    /// in force stays until the clock reaches it. Schedules that stand go on to stand.
    /// - Parameter backtest: the digest of the signed report of a simulation that speaks for it.
    package func activate(
        _ ruleSet: RuleSet, at time: Instant, by authority: String, effectiveFrom: Instant?, backtest: String? = nil
    ) {
        state.adoptDue(by: time)
        let files = ruleSet.files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for file in files {
            let digest = ruleSet.fileDigests[file.name] ?? ""
            guard !state.engine.ruleFiles.contains(digest) else { continue }
            let parts = Self.parts(of: file.text)
            for (index, part) in parts.enumerated() {
                play(
                    RulesetFileAddedData(
                        content: String(decoding: part, as: UTF8.self), digest: digest, file: file.name,
                        part: Int64(index + 1), parts: Int64(parts.count)),
                    subject: file.name, authority: authority, source: "/engine", at: time)
            }
        }
        play(
            RulesetActivatedData(
                backtest: backtest, digest: ruleSet.digest, effectiveFrom: effectiveFrom, engine: Self.engineNumber,
                files: ruleSet.fileDigests),
            subject: ruleSet.digest, authority: authority, source: "/engine", at: time)
        if let effectiveFrom, effectiveFrom > time {
            state.ruleSets.waiting[ruleSet.digest] = ruleSet
        } else if ruleSet !== self.ruleSet {
            adopt(ruleSet)
        }
    }

    /// Records that a schedule which stands is taken back.
    package func cancel(_ schedule: RuleSetSchedule, at time: Instant, by authority: String) {
        state.adoptDue(by: time)
        play(
            RulesetScheduleCancelledData(activated: schedule.activated.padded), subject: schedule.digest,
            authority: authority, source: "/engine", at: time)
        state.ruleSets.forgetLoaded()
    }

    /// Splits a text between characters into parts that fit into entries.
    private static func parts(of text: [UInt8]) -> [ArraySlice<UInt8>] {
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

    // MARK: Reading

    /// Puts a rule set in force: its types decide from now on who folds what.
    package func adopt(_ ruleSet: RuleSet) { state.adopt(ruleSet) }

    /// Plays what is recorded at `time` under other rules than those in force, and takes all of it back.
    /// - Throws: what `body` throws.
    package func dryRun<R, E: Error>(
        under other: RuleSet, at time: Instant, _ body: () throws(E) -> R
    ) throws(E) -> R {
        let before = ruleSet
        // The tables are taken back with the run; the rules are none of them.
        defer { if let before { state.put(inForce: before) } }
        return try dryRun { () throws(E) in
            state.adoptDue(by: time)
            adopt(other)
            return try body()
        }
    }

    /// Everything that this machine offers to the rules of a rule set.
    package var ruleHost: RuleHost { state.ruleSets.host() }

    /// - Parameter kept: the declared tables whose rows the rule set will find.
    package func ruleHost(keeping kept: [KeptTable]) -> RuleHost { state.ruleSets.host(keeping: kept) }

    /// Loads a rule set from the files that the log holds.
    /// - Throws: where a file is missing or the rules are in error.
    package func load(_ digest: String) throws(RuleSetError) -> RuleSet { try state.ruleSets.load(digest) }

    /// The files of a rule set that the log holds, as they were written; nil where it holds no such set.
    package func ruleFiles(of digest: String) -> [RuleFile]? { state.ruleSets.files(of: digest) }

    /// The rule set that decides on what is recorded at `time`, which is not before the clock.
    package func ruleSet(at time: Instant) -> RuleSet? { state.ruleSets.ruleSet(at: time) }

    /// The tables whose rows a rule set finds that comes into force at `time`, which is not before the clock.
    package func keptTables(at time: Instant) -> [KeptTable] { ruleSet(at: time)?.keptTables ?? [] }

    /// The digest of the rule set that the folded entries put in force.
    package var activeRuleSet: String? { state.ruleSets.active }
}
