import JSON
import Rules

extension RuleTestReport {
    /// `{coverage: {basisPoints, conditions, firing, refusals, rows, rules: [{branches: [{branch, hits}], file, line, rule}],
    /// silent, threshold?}, failed, passed, tests: [{file, line, name, passed, problem?, suite}],
    /// unreadable: [text]}`, canonical; a share is `{all, basisPoints, hit}`.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 1 << 14)
        writer.beginObject()
        writer.key("coverage")
        write(coverage, to: &writer)
        writer.key("failed")
        writer.int(Int64(failed))
        writer.key("passed")
        writer.int(Int64(passed))
        writer.key("tests")
        writer.beginArray()
        for result in results { write(result, to: &writer) }
        writer.endArray()
        writer.key("unreadable")
        writer.beginArray()
        for diagnostic in unreadable { writer.string(diagnostic.description) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private func write(_ coverage: RuleCoverage, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("basisPoints")
        writer.int(Int64(coverage.basisPoints))
        writer.key("conditions")
        write(coverage.conditions, to: &writer)
        writer.key("firing")
        write(coverage.firing, to: &writer)
        writer.key("refusals")
        write(coverage.refusals, to: &writer)
        writer.key("rows")
        write(coverage.rows, to: &writer)
        writer.key("rules")
        writer.beginArray()
        for entry in coverage.entries {
            writer.beginObject()
            writer.key("branches")
            writer.beginArray()
            for count in entry.counts {
                writer.beginObject()
                writer.key("branch")
                writer.string(count.branch)
                writer.key("hits")
                writer.int(Int64(count.hits))
                writer.endObject()
            }
            writer.endArray()
            writer.key("file")
            writer.string(entry.file)
            writer.key("line")
            writer.int(Int64(entry.line))
            writer.key("rule")
            writer.string(entry.rule)
            writer.endObject()
        }
        writer.endArray()
        writer.key("silent")
        write(coverage.silent, to: &writer)
        if let threshold {
            writer.key("threshold")
            writer.int(Int64(threshold))
        }
        writer.endObject()
    }

    private func write(_ share: RuleCoverage.Share, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("all")
        writer.int(Int64(share.all))
        writer.key("basisPoints")
        writer.int(Int64(share.basisPoints))
        writer.key("hit")
        writer.int(Int64(share.hit))
        writer.endObject()
    }

    private func write(_ result: RuleTestResult, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("file")
        writer.string(result.file)
        writer.key("line")
        writer.int(Int64(result.line))
        writer.key("name")
        writer.string(result.name)
        writer.key("passed")
        writer.bool(result.isPassed)
        if !result.isPassed {
            writer.key("problem")
            writer.string(result.text)
        }
        writer.key("suite")
        writer.string(result.suite)
        writer.endObject()
    }
}
