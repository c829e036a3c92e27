import AgentKit
import JSON

/// Makes lines of entries: a trigger with its time, and under it what was decided.
struct Storyteller {
    let wording: Wording
    let versions: RuleVersions

    /// The rows of entries in log order.
    /// - Parameter all: whether to tell even of what a story can do without; a timeline has that in its JSON.
    func rows(_ entries: [Document], all: Bool = false) -> [TimelineRow] {
        let done = Set(
            entries.filter { $0.root["type"]?.isString("transfer.posted") == true }
                .compactMap { $0.root["causationid"]?.string })
        var rows: [TimelineRow] = []
        var lastTime = ""
        for (index, entry) in entries.enumerated() {
            let root = entry.root
            let isTrigger = root["agent"] == nil
            guard all || isTrigger || isSpoken(root, done) else { continue }
            let time = wording.time(of: root)
            let text = reason(root, following: entries[(index + 1)...].prefix(32)) ?? wording.sentence(root)
            rows.append(
                TimelineRow(
                    time: isTrigger || time != lastTime ? time : "", text: text, place: "#\(root.sequence)",
                    source: source(root), isNested: !isTrigger))
            lastTime = time
        }
        return rows
    }

    /// A story can do without timers that are set, and without asking for what was done at once.
    private func isSpoken(_ entry: View, _ done: Set<String>) -> Bool {
        switch entry.text("type") {
        case "timer.scheduled", "timer.cancelled": false
        case "transfer.requested": !done.contains(entry.text("sequence"))
        default: true
        }
    }

    /// Of a timer that ran out the first words of the reason that a rule gave for acting on it.
    private func reason(_ trigger: View, following: ArraySlice<Document>) -> String? {
        guard trigger["type"]?.isString("timer.fired") == true else { return nil }
        let sequence = trigger.text("sequence")
        let first = following.first { $0.root["causationid"]?.equals(sequence) == true && $0.root["because"] != nil }
        return first?.root["because"]?.string.flatMap { $0.split(separator: ";").first.map(String.init) }
    }

    private func source(_ entry: View) -> String {
        if let rule = versions.rule(of: entry) { return rule }
        return TimerFired(of: entry).map { "timer " + $0.agent + "." + $0.name } ?? ""
    }
}

extension Timeline {
    /// The story as a person reads it: a headline, and a line an event.
    package var text: String {
        let rows = Storyteller(wording: wording, versions: versions).rows(entries)
        var lines: [String] = []
        if let headline {
            lines.append(headline.line)
        } else {
            lines.append(subject.description)
        }
        lines.append("")
        lines += rows.isEmpty ? ["  nothing is recorded"] : TimelineRow.lines(rows)
        return VisibleText.page(lines) + "\n"
    }
}
