package import AgentKit

/// Compares the entries that followed with those expected: in order, and nothing else unless the test is partial.
package struct RuleTestDiff: Sendable {
    /// One line of the comparison.
    package enum Line: Sendable, Equatable {
        case same(String)
        /// Expected and there, but different: what differs, a line each.
        case different(String, [String])
        case missing(String)
        case unexpected(String)
    }

    package let lines: [Line]

    package var isEmpty: Bool {
        lines.allSatisfy { if case .same = $0 { true } else { false } }
    }

    /// Compares the entries that a test's `when` led to, the triggers themselves left out. Unless an entry of a
    /// schedule is expected, schedules and what they led to are not compared, but for types that are expected.
    package init(expected: [ExpectedEntry], actual: [Event], isPartial: Bool = false) {
        let comparesSchedules = expected.contains { $0.type.utf8.starts(with: "schedule.".utf8) }
        let compared = comparesSchedules ? actual : Self.unscheduled(actual, but: expected.map(\.type))
        let aligned = Self.align(expected, compared) { entry, event in
            guard Self.isSameKind(entry, event) else { return 0 }
            // Of several entries of a type the one that is meant is the one that fits.
            return isPartial && entry.differences(from: event).isEmpty ? Self.fitting : 1
        }
        lines =
            isPartial
            ? aligned.filter { if case .unexpected = $0 { false } else { true } } : aligned
    }

    /// The weight of a pair that fits, against 1 for a pair of the same kind: more than a test has pairs.
    private static let fitting = 1 << 20

    /// The entries that did not follow from a schedule, and those of an expected type.
    private static func unscheduled(_ actual: [Event], but types: [String]) -> [Event] {
        var scheduled: Set<EntrySequence> = []
        return actual.filter { event in
            guard
                event.type.utf8.starts(with: "schedule.".utf8) || event.causation.map(scheduled.contains) ?? false
            else { return true }
            scheduled.insert(event.sequence)
            return types.contains(event.type)
        }
    }

    /// Pairs entries of the same type in order, so that the pairs are worth the most (as the longest common
    /// subsequence).
    private static func align(
        _ expected: [ExpectedEntry], _ actual: [Event], worth: (ExpectedEntry, Event) -> Int
    ) -> [Line] {
        var common = Array(repeating: Array(repeating: 0, count: actual.count + 1), count: expected.count + 1)
        for i in expected.indices.reversed() {
            for j in actual.indices.reversed() {
                let worth = worth(expected[i], actual[j])
                common[i][j] = max(common[i + 1][j], common[i][j + 1])
                if worth > 0 { common[i][j] = max(common[i][j], common[i + 1][j + 1] + worth) }
            }
        }
        var lines: [Line] = []
        var i = 0
        var j = 0
        while i < expected.count || j < actual.count {
            if i < expected.count, j < actual.count, isSameKind(expected[i], actual[j]),
                common[i][j] == common[i + 1][j + 1] + worth(expected[i], actual[j])
            {
                let differences = expected[i].differences(from: actual[j])
                lines.append(differences.isEmpty ? .same(text(actual[j])) : .different(text(actual[j]), differences))
                i += 1
                j += 1
            } else if j == actual.count || (i < expected.count && common[i + 1][j] >= common[i][j + 1]) {
                lines.append(.missing(text(expected[i])))
                i += 1
            } else {
                lines.append(.unexpected(text(actual[j])))
                j += 1
            }
        }
        return lines
    }

    private static func isSameKind(_ expected: ExpectedEntry, _ actual: Event) -> Bool {
        guard expected.type == actual.type else { return false }
        return expected.rule.map { $0 == actual.rule } ?? true
    }

    private static func text(_ event: Event) -> String {
        let data = unsafe event.data.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }
        return event.type + (event.rule.map { " by " + $0 } ?? "") + (event.subject.map { " of " + $0 } ?? "") + " "
            + data
    }

    private static func text(_ entry: ExpectedEntry) -> String {
        let data = entry.data.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
        return entry.type + (entry.rule.map { " by " + $0 } ?? "") + (entry.subject.map { " of " + $0 } ?? "") + data
    }
}

extension RuleTestDiff: CustomStringConvertible {
    /// The comparison as text: two blanks for what is alike, `-` for what is missing, `+` for what nobody expected, `~`
    /// for what differs.
    package var description: String {
        lines.flatMap { line in
            switch line {
            case .same(let text): ["  " + text]
            case .missing(let text): ["- " + text]
            case .unexpected(let text): ["+ " + text]
            case .different(let text, let differences): ["~ " + text] + differences.map { "    " + $0 }
            }
        }.map(VisibleText.line).joined(separator: "\n")
    }
}

extension ExpectedEntry {
    /// The differences of an entry from the expected one, a line each: `data/amount: expected 5, is 4`.
    package func differences(from actual: Event) -> [String] {
        var result: [String] = []
        note("type", type, actual.type, &result)
        if let rule { note("rule", rule, actual.rule, &result) }
        if let subject { note("subject", subject, actual.subject, &result) }
        if let because { note("because", because, actual.document.root["because"]?.string, &result) }
        guard let data else { return result }
        guard let expected = try? Document(adopting: data) else { return result + ["data: cannot be compared"] }
        compare(expected.root, actual.data, at: "data", &result)
        return result
    }

    private func note(_ what: String, _ expected: String, _ actual: String?, _ result: inout [String]) {
        guard actual.map({ $0.utf8.elementsEqual(expected.utf8) }) != true else { return }
        result.append("\(what): expected `\(expected)`, \(actual.map { "is `\($0)`" } ?? "is absent")")
    }

    private func compare(_ expected: View, _ actual: View, at place: String, _ result: inout [String]) {
        guard !expected.isSame(as: actual) else { return }
        switch (expected.kind, actual.kind) {
        case (.object, .object):
            for child in expected.children {
                let name = child.name ?? ""
                if let other = actual.member(name) {
                    compare(child, other, at: place + "/" + name, &result)
                } else {
                    result.append("\(place)/\(name): expected \(text(child)), is absent")
                }
            }
            guard !isPartial else { return }
            for child in actual.children where expected.member(child.name ?? "") == nil {
                result.append("\(place)/\(child.name ?? ""): is \(text(child)), expected to be absent")
            }
        case (.array, .array) where expected.count == actual.count:
            for (index, pair) in zip(expected.children, actual.children).enumerated() {
                compare(pair.0, pair.1, at: place + "/\(index)", &result)
            }
        default: result.append("\(place): expected \(text(expected)), is \(text(actual))")
        }
    }

    private func text(_ view: View) -> String {
        unsafe view.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
