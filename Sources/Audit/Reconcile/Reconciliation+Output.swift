import AgentKit
import JSON

extension Reconciliation {
    /// The comparison for people: a line each finding, a line each currency, and the outcome.
    package var lines: [String] {
        let width = findings.map(\.reference.count).max() ?? 0
        var lines = findings.map { finding in
            finding.kind.rawValue.padded(11) + finding.reference.padded(width) + "  " + text(of: finding)
        }
        for sum in sums {
            lines.append(
                "\(sum.currency): the statement comes to \(formatter.amount(sum.stated, sum.currency)), "
                    + "the ledger to \(formatter.amount(sum.recorded, sum.currency))")
        }
        let count = matched == 1 ? "1 line agrees" : "\(matched) lines agree"
        lines.append(
            agrees
                ? "OK: \(count) with `\(account)`"
                : "\(count) with `\(account)`, \(findings.count) \(findings.count == 1 ? "does" : "do") not")
        return lines
    }

    private func text(of finding: Finding) -> String {
        func stated(_ amount: Int64) -> String {
            "\(formatter.amount(amount, finding.currency)) (line \(finding.line ?? 0), \(finding.date ?? ""))"
        }
        func recorded(_ amount: Int64) -> String {
            let place = "#\(finding.sequence?.value ?? 0), \(finding.time.map(formatter.day) ?? "")"
            return "\(formatter.amount(amount, finding.currency)) (\(place))"
        }
        switch (finding.stated, finding.recorded) {
        case (let amount?, nil): return "the statement has \(stated(amount)), the ledger has nothing"
        case (nil, let amount?): return "the ledger has \(recorded(amount)), the statement has nothing"
        case (let one?, let other?): return "the statement has \(stated(one)), the ledger \(recorded(other))"
        case (nil, nil): return ""
        }
    }

    /// `{account, findings: [{currency, date, kind, ledger, line, reference, sequence, statement, time}], matched, sums:
    /// [{currency, ledger, statement}], verdict}`, canonical; amounts in minor units, members that a side has not are left
    /// out. The verdict is `OK` or `FAIL`.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        writer.key("account")
        writer.string(account)
        writer.key("findings")
        writer.beginArray()
        for finding in findings { Self.write(finding, to: &writer) }
        writer.endArray()
        writer.key("matched")
        writer.int(Int64(matched))
        writer.key("sums")
        writer.beginArray()
        for sum in sums {
            writer.beginObject()
            writer.key("currency")
            writer.string(sum.currency)
            writer.key("ledger")
            sum.recorded.write(to: &writer)
            writer.key("statement")
            sum.stated.write(to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.key("verdict")
        writer.string(agrees ? "OK" : "FAIL")
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ finding: Finding, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("currency")
        writer.string(finding.currency)
        if let date = finding.date {
            writer.key("date")
            writer.string(date)
        }
        writer.key("kind")
        writer.string(finding.kind.rawValue)
        if let amount = finding.recorded {
            writer.key("ledger")
            writer.int(amount)
        }
        if let line = finding.line {
            writer.key("line")
            writer.int(Int64(line))
        }
        writer.key("reference")
        writer.string(finding.reference)
        if let sequence = finding.sequence {
            writer.key("sequence")
            writer.int(Int64(sequence.value))
        }
        if let amount = finding.stated {
            writer.key("statement")
            writer.int(amount)
        }
        if let time = finding.time {
            writer.key("time")
            writer.string(time.text)
        }
        writer.endObject()
    }
}
