import AgentKit
import Rules
import TestSupport
import Testing

@Suite struct HostileRulesTests {
    private static let rules = """
        rules:
          - id: r
            on: [complaint.submitted, complaint.resolved]
            let:
              x: 'complaints["a"].amount + params.fine.sub'
            table:
              inputs: {kind: data.?kind.orValue("late"), amount: x}
              rows:
                - {when: {kind: late, amount: "< 1e300"}, then: {reason: '"big"'}}
                - {when: {kind: [late, broken], amount: 1000..4999}, then: {reason: '"m " + string(1)'}}
              default: {reason: '"small"'}
            when: >-
              x > 5 && (table.reason != "x"
              || has(data.tags))
            emit:
              - complaint.refused: >-
                  {"complaintId": data.complaintId,
                   "reason": table.reason + string(item)}
                each: '[1, 2]'
            timers:
              - {name: t, key: '"k"', at: event.recordedtime + duration("1h")}

        """

    @Test("a rule file damaged anywhere is refused or loaded, and never stops the program")
    func damaged() {
        var random = SeededGenerator.announced()
        let fixture = Fixture()
        let whole = Array((Fixture.head + Self.rules).utf8)
        let pieces = [
            "\"", "'", "{", "}", "[", "]", "?", ":", ",", "\\", "\n", "  ", "&a ", "*a", "- ", "\u{0}", "é", "9",
            ">-\n",
        ]
        var loaded = 0
        for _ in 0..<150 {
            var text = whole
            for _ in 0..<random.int(in: 1...3) {
                let place = random.int(in: 0...text.count - 1)
                switch random.int(in: 0...2) {
                case 0: text.remove(at: place)
                case 1: text.insert(contentsOf: Array(random.pick(pieces).utf8), at: place)
                default: text.removeSubrange(place..<min(text.count, place + random.int(in: 1...40)))
                }
            }
            do throws(RuleSetError) {
                let file = RuleFile(name: "complaint.yaml", text: text)
                _ = try RuleSet.load(files: [file], host: fixture.host)
                loaded += 1
            } catch {
                #expect(!error.diagnostics.isEmpty)
                for diagnostic in error.diagnostics { #expect(diagnostic.line >= 1 && diagnostic.column >= 1) }
            }
        }
        #expect(loaded < 150)
    }

    @Test("aliases that blow up and nesting without end are refused")
    func bombs() {
        var laughs = "agent: complaint\nversion: 1.0.0\nparameters:\n  a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
        for level in 1...9 {
            let alias = "*a\(level - 1)"
            laughs += "  a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ","))]\n"
        }
        let brackets = "agent: " + String(repeating: "[", count: 100_000)
        let dashes = String(repeating: "- ", count: 100_000) + "a\n"
        let deep = (0..<200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        for text in [laughs, brackets, dashes, deep] {
            #expect(throws: RuleSetError.self) {
                try RuleSet.load(files: [RuleFile(name: "complaint.yaml", text: text)], host: Fixture().host)
            }
        }
    }
}
