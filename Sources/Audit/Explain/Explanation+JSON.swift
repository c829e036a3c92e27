import JSON
import Rules

extension Explanation {
    /// `{accounts: [{after, before, id}], attempts?: [{decisions: [entry], retry}], ballot?: {end?, proposal, votes: [{counts,
    /// entry}]}, because?, consequences: [{depth, entry, text}], corrects?, deadLetter?, entry, isCut, origins?: [entry],
    /// others: [rule], path: [entry], recomputed, recomputedDiffersAt?, repetition?: {again, first, key, same}, retried?:
    /// [entry], rule?, sequence, text, trigger, underRules?}`, canonical. Entries are as recorded, personal fields sealed.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 1 << 14)
        writer.beginObject()
        writer.key("accounts")
        writer.list(accounts) { $0.write(to: &$1) }
        related.writeAttempts(to: &writer)
        if let ballot {
            writer.key("ballot")
            ballot.write(to: &writer)
        }
        if let because = entry.root["because"]?.string {
            writer.key("because")
            writer.string(because)
        }
        writer.key("consequences")
        writer.list(consequences) { consequence, writer in
            writer.beginObject()
            writer.key("depth")
            writer.int(Int64(consequence.depth))
            writer.key("entry")
            writer.value(consequence.entry.root)
            writer.key("text")
            writer.string(wording.sentence(consequence.entry.root))
            writer.endObject()
        }
        if let corrected {
            writer.key("corrects")
            writer.value(corrected.root)
        }
        if let letter = related.deadLetter {
            writer.key("deadLetter")
            writer.value(letter.root)
        }
        writer.key("entry")
        writer.value(entry.root)
        writer.key("isCut")
        writer.bool(isCut)
        if !related.origins.isEmpty {
            writer.key("origins")
            writer.list(related.origins) { $1.value($0.root) }
        }
        writer.key("others")
        writer.list(others) { $0.write(to: &$1) }
        writer.key("path")
        writer.list(path) { $1.value($0.root) }
        writeEnd(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private func writeEnd(to writer: inout CanonicalWriter) {
        writer.key("recomputed")
        writer.bool(isRecomputed)
        if let place = recomputation?.firstDifference {
            writer.key("recomputedDiffersAt")
            writer.int(Int64(place))
        }
        related.writeRepetition(to: &writer)
        if !retried.isEmpty {
            writer.key("retried")
            writer.list(retried) { $1.value($0.root) }
        }
        if let rule {
            writer.key("rule")
            rule.write(to: &writer)
        }
        writer.key("sequence")
        writer.int(Int64(sequence))
        writer.key("text")
        writer.string(wording.sentence(entry.root))
        writer.key("trigger")
        writer.value(trigger.root)
        if let underRules {
            writer.key("underRules")
            underRules.write(to: &writer)
        }
    }
}

extension RelatedEntries {
    fileprivate func writeAttempts(to writer: inout CanonicalWriter) {
        guard !attempts.isEmpty else { return }
        writer.key("attempts")
        writer.list(attempts) { attempt, writer in
            writer.beginObject()
            writer.key("decisions")
            writer.list(attempt.decisions) { $1.value($0.root) }
            writer.key("retry")
            writer.value(attempt.retry.root)
            writer.endObject()
        }
    }

    fileprivate func writeRepetition(to writer: inout CanonicalWriter) {
        guard let repetition else { return }
        writer.key("repetition")
        writer.beginObject()
        writer.key("again")
        writer.value(repetition.again.root)
        writer.key("first")
        writer.value(repetition.first.root)
        writer.key("key")
        writer.list(repetition.key) { $1.string($0) }
        writer.key("same")
        writer.bool(repetition.isSame)
        writer.endObject()
    }
}

extension AskedRule {
    /// `{asked, because?, class, concerns, conditions: [{decisive, held, problem?, source}], effects: [{data, subject?, type}],
    /// failure?, file, line, name, overruledBy?, parameters: [{name, value}], refusals: [{because?, decisive, held, problem?,
    /// reason?, source}], table?: {inputs: [value], outputs: [value], row?, rows, text?}, text, variables: [value], verdict, version}`;
    /// a value is `{name, problem?, source?, value?}`, rows count from 1. `refusals` ends with the line that held, which is
    /// decisive.
    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("asked")
        writer.int(Int64(asked))
        if let because {
            writer.key("because")
            writer.string(because)
        }
        writer.key("class")
        writer.string("\(agentClass)")
        writer.key("concerns")
        writer.bool(concerns)
        writer.key("conditions")
        writer.list(conjuncts) { Self.write($0, to: &$1) }
        writer.key("effects")
        writer.list(effects) { $0.write(to: &$1) }
        if let failure {
            writer.key("failure")
            writer.string(failure)
        }
        writer.key("file")
        writer.string(file)
        writer.key("line")
        writer.int(Int64(line))
        writer.key("name")
        writer.string(name)
        if let overruledBy {
            writer.key("overruledBy")
            writer.string(overruledBy)
        }
        writer.key("parameters")
        writer.list(parameters) { Self.write($0, to: &$1) }
        writer.key("refusals")
        writer.list(refusals) { Self.write($0, to: &$1) }
        if let table {
            writer.key("table")
            Self.write(table, to: &writer)
        }
        writer.key("text")
        writer.string(text)
        writer.key("variables")
        writer.list(variables) { Self.write($0, to: &$1) }
        writer.key("verdict")
        writer.string(verdict.rawValue)
        writer.key("version")
        writer.string(version)
        writer.endObject()
    }

    private static func write(_ table: TableRow, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("inputs")
        writer.list(table.inputs) { Self.write($0, to: &$1) }
        writer.key("outputs")
        writer.list(table.outputs) { Self.write($0, to: &$1) }
        if let index = table.index {
            writer.key("row")
            writer.int(Int64(index + 1))
        }
        writer.key("rows")
        writer.int(Int64(table.count))
        if let text = table.text {
            writer.key("text")
            writer.string(text)
        }
        writer.endObject()
    }

    private static func write(_ conjunct: RuleTrace.Conjunct, to writer: inout CanonicalWriter) {
        writer.beginObject()
        if let because = conjunct.because {
            writer.key("because")
            writer.string(because)
        }
        writer.key("decisive")
        writer.bool(conjunct.isDecisive)
        writer.key("held")
        writer.bool(conjunct.verdict == .held)
        if case .error(let message) = conjunct.verdict {
            writer.key("problem")
            writer.string(message)
        }
        if let reason = conjunct.reason {
            writer.key("reason")
            writer.string(reason)
        }
        writer.key("source")
        writer.string(conjunct.source)
        writer.endObject()
    }

    private static func write(_ variable: RuleTrace.Variable, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("name")
        writer.string(variable.name)
        if let error = variable.error {
            writer.key("problem")
            writer.string(error)
        }
        if !variable.source.isEmpty {
            writer.key("source")
            writer.string(variable.source)
        }
        if let json = variable.json {
            writer.key("value")
            unsafe Array(json.utf8).withUnsafeBytes { unsafe writer.raw($0) }
        }
        writer.endObject()
    }
}

extension AskedRule.Effect {
    fileprivate func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("data")
        unsafe Array(data.utf8).withUnsafeBytes { unsafe writer.raw($0) }
        if let subject {
            writer.key("subject")
            writer.string(subject)
        }
        writer.key("type")
        writer.string(type)
        writer.endObject()
    }
}
