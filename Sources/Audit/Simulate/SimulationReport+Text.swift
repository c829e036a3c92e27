import AgentKit
import JSON
import Rules

/// The report for people.
extension SimulationReport {
    /// Accounts shown.
    private static let accountsShown = 20
    private static let notAdmittedShown = 10
    private static let decisionsShown = 6

    package var text: String {
        var lines = [summary]
        if let ruleSet { lines.append("under rule set \(EntryFormatter.shortened(hash: ruleSet))") }
        if !without.isEmpty { lines.append("without \(without.map { "#\($0)" }.joined(separator: ", "))") }
        for item in with { lines.append("with \(Self.plural(item.events.count, "event")) before #\(item.sequence)") }
        lines += notAdmittedLines + typeLines + moneyLines
        if !largest.isEmpty { lines += ["", "largest differences"] }
        for trigger in largest { lines += self.lines(of: trigger) }
        if let failIf {
            lines += ["", "\(failIf.failed ? "failed" : "passed"): \(failIf.expression)"]
        }
        return VisibleText.page(lines)
    }

    private static func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private var summary: String {
        let entries = "\(to - from) entries from #\(from) on"
        guard !isEmpty else { return "no difference in \(entries)" }
        var parts = ["\(gained) gained", "\(lost) lost", "\(changed) changed"]
        if reasons > 0 { parts[2] += " (\(reasons) of them only in the reason)" }
        var text = "\(Self.plural(gained + lost + changed, "decision")) of other effect in \(entries): "
        text += parts.joined(separator: ", ")
        let fired = [
            (firings.gained, "more"), (firings.lost, "fewer"), (firings.moved, "at another time"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if !fired.isEmpty { text += "; timers and schedules fire \(fired.joined(separator: ", "))" }
        return text
    }

    private var notAdmittedLines: [String] {
        guard notAdmittedCount > 0 else { return [] }
        var lines = ["", "\(Self.plural(notAdmittedCount, "trigger")) not admitted"]
        for item in notAdmitted.prefix(Self.notAdmittedShown) {
            lines.append("  #\(item.sequence)  \(item.type): \(item.why)")
        }
        if notAdmittedCount > Self.notAdmittedShown {
            lines.append("  and \(notAdmittedCount - Self.notAdmittedShown) more")
        }
        return lines
    }

    private var typeLines: [String] {
        guard !types.isEmpty else { return [] }
        var lines = [
            "", "decisions by type".padded(34) + "gained".aligned(10) + "lost".aligned(10) + "changed".aligned(10),
        ]
        for (type, counts) in types.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            lines.append(
                ("  " + type).padded(34) + "\(counts.gained)".aligned(10) + "\(counts.lost)".aligned(10)
                    + "\(counts.changed)".aligned(10))
        }
        return lines
    }

    private var moneyLines: [String] {
        guard !accounts.isEmpty else { return isEmpty ? [] : ["", "no account stands otherwise"] }
        var lines: [String] = [""]
        for item in currencies where item.accounts > 0 {
            lines.append(
                "\(Self.plural(item.accounts, "account")) stand otherwise by \(formatter.amount(item.moved, item.currency)) "
                    + "altogether; sum of all balances: \(formatter.amount(item.recorded, item.currency)) recorded, "
                    + "\(formatter.amount(item.simulated, item.currency)) simulated")
        }
        for item in accounts.prefix(Self.accountsShown) {
            lines.append(
                ("  " + item.account).padded(44)
                    + "\(formatter.amount(item.recorded, item.currency)) → \(formatter.amount(item.simulated, item.currency))"
                    + "  (\(signed(item.difference, item.currency)))")
        }
        if accounts.count > Self.accountsShown {
            lines.append("  and \(accounts.count - Self.accountsShown) more (--json has them)")
        }
        return lines
    }

    private func signed(_ total: Total, _ currency: String) -> String {
        (total > .zero ? "+" : "") + formatter.amount(total, currency)
    }

    // MARK: Triggers

    private func lines(of trigger: Trigger) -> [String] {
        var lines = [""]
        if let entry = trigger.entry?.root {
            lines.append("  " + (trigger.isRecorded ? "" : "(only simulated) ") + formatter.line(of: entry))
        }
        for item in trigger.money {
            let currency = item.account.split(separator: "/").last.map(String.init) ?? ""
            lines.append(
                ("    " + item.account).padded(44)
                    + "\(signed(item.recorded, currency)) recorded, \(signed(item.derived, currency)) simulated")
        }
        for difference in trigger.differences.prefix(Self.decisionsShown) {
            lines.append("    \(difference.kind == "reason" ? "other reason" : difference.kind)")
            lines += self.lines("recorded", difference.recorded) + self.lines("simulated", difference.simulated)
        }
        if trigger.count > Self.decisionsShown {
            lines.append("    and \(trigger.count - Self.decisionsShown) more decisions")
        }
        return lines
    }

    private func lines(_ world: String, _ entry: Document?) -> [String] {
        guard let entry = entry?.root else { return [("      " + world).padded(18) + "no such decision"] }
        let type = entry.text("type")
        var lines = [
            ("      " + world).padded(18) + type
                + (formatter.sentences.isSaid(type) ? ": " + formatter.sentences.text(entry) : "")
        ]
        if let because = entry["because"]?.string {
            lines.append(String(repeating: " ", count: 18) + "because \(because)")
        }
        return lines
    }
}
