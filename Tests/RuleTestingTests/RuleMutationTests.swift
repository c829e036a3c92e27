import RuleTesting
import Rules
import Testing

/// The changes of a rule file by which its tests are tried.
@Suite struct RuleMutationTests {
    private static let file = RuleFile(
        name: "franchise.yaml",
        text: """
            agent: franchise
            version: 1.0.0
            parameters:
              most: {PKR: 40, names: '"a1b 7"'}
              window: duration("6h")
            rules:
              - id: note
                on: area.asked
                let:
                  size: data.size2 + 10 * 0.5
                when: data.size > 3
                because: within {params.window} of 9
                refuse:
                  - {when: size > 100, reason: far, because: more than 100}
                emit:
                  - area.noted: [area, size: item - 1]
                    each: '[1, 2]'
                    if: size != 5
                timers:
                  - {name: visit, key: data.area, at: event.recordedtime + params.window}
                cancel:
                  - {name: visit2, key: data.area}
            fold:
              area.noted: {put: notes, row: {size: data.size}, if: data.size > 0}
              area.gone:
                - {remove: notes}
                - {change: counts, row: {n: row.n + 1}}
            """)

    @Test("every condition, figure, refusal, decision, timer, cancel and fold is changed once, and no text or name")
    func all() {
        #expect(
            RuleMutation.all(in: [Self.file]).map { "\($0.subject):\($0.line) \($0.change)" } == [
                "franchise:4 with 41 for 40 in `params.most.PKR`",
                "franchise:5 with 7 for 6 in `params.window`",
                "franchise/note:10 with 11 for 10 in `data.size2 + 10 * 0.5`",
                "franchise/note:11 with `data.size > 3` negated",
                "franchise/note:11 with 4 for 3 in `data.size > 3`",
                "franchise/note:14 without the refusal `size > 100`",
                "franchise/note:14 with `size > 100` negated",
                "franchise/note:14 with 101 for 100 in `size > 100`",
                "franchise/note:16 without its `area.noted`",
                "franchise/note:16 with 2 for 1 in `item - 1`",
                "franchise/note:17 with 2 for 1 in `[1, 2]`",
                "franchise/note:17 with 3 for 2 in `[1, 2]`",
                "franchise/note:18 with `size != 5` negated",
                "franchise/note:18 with 6 for 5 in `size != 5`",
                "franchise/note:20 without its timer `visit`",
                "franchise/note:22 without the end of the timer `visit2`",
                "franchise:24 with `data.size > 0` negated",
                "franchise:24 without the fold of `area.noted` into `notes`",
                "franchise:26 without the fold of `area.gone` into `notes`",
                "franchise:27 without the fold of `area.gone` into `counts`",
            ])
    }
}
