import AgentKit
import Rules
import Testing

/// Declarations of an agent's own state that a rule file may make, and those that it may not.
@Suite struct DeclaredTableTests {
    let fixture = Fixture()

    /// An agent that is no part of the program.
    static let gift = """
        agent: gift
        version: 1.0.0
        class: standing
        facts:
          gift.seen: {giftId: string, by: optional string}
        triggers:
          gift.promised: {giftId: id, fromUserId: id, toUserId: id}
        decisions:
          gift.accepted: {giftId: id, fromUserId: id, toUserId: id, kind: string, parts: "[string]", extra: "{string: dyn}"}
          gift.recorded: {giftId: id}
          gift.unnamed: {note: string, secret: optional personal string}
        tables:
          gifts:
            key: giftId
            row: {fromUserId: id, toUserId: id, open: bool, kind: optional big|small, points: optional int}
            index: [toUserId]

        """

    static let fold = """
        fold:
          gift.accepted: {put: gifts, row: {fromUserId: data.fromUserId, toUserId: data.toUserId, open: 'true'}}
          gift.recorded: {change: gifts, row: {open: 'false'}}

        """

    /// A second file beside one that is right.
    private func load(_ text: String, kept: [KeptTable] = [], isNew: Bool = true) throws(RuleSetError) -> RuleSet {
        var host = fixture.host
        host.kept = kept
        let files = [
            RuleFile(name: "complaint.yaml", text: Fixture.head), RuleFile(name: "gift.yaml", text: text),
        ]
        return try RuleSet.load(files: files, host: host, isNew: isNew)
    }

    private func problems(_ text: String, kept: [KeptTable] = []) -> String {
        do throws(RuleSetError) {
            _ = try load(text, kept: kept)
            return ""
        } catch {
            return error.description
        }
    }

    @Test("an agent of a rule file is one of the set, with its class, tables and rules that read them")
    func agent() throws {
        let rules = """
            rules:
              - id: send
                on: gift.promised
                when: '!(data.giftId in gifts) && giftsByToUserId(data.toUserId).size() < 3'
                emit:
                  - gift.recorded: [giftId]
              - {id: open, on: gift.seen, when: 'gifts[data.giftId].open', emit: [{gift.recorded: [giftId]}]}
            """
        let set = try load(Self.gift + Self.fold + rules)
        #expect(set.warnings == [])
        #expect(set.agents == [RuleHost.AgentEntry(name: "gift", agentClass: .standing)])
        #expect(set.tables.map(\.name) == ["gifts"])
        #expect(set.tables.first?.members == ["fromUserId", "kind", "open", "points", "toUserId"])
        #expect(set.rule(named: "gift/send")?.agentClass == .standing)
        #expect(set.eventType(named: "gift.promised")?.ownerClass == .standing)
        #expect(try set.folds(#require(set.eventType(named: "gift.accepted"))))
        #expect(try !set.folds(#require(set.eventType(named: "gift.promised"))))
    }

    @Test(
        "what is wrong with an agent, a table or a fold is refused at its place, and said",
        arguments: [
            ("class: standing", "class: standin", "3:8: unknown class `standin`, did you mean `standing`?"),
            ("class: standing\n", "", "agent `gift` is no part of the program and needs `class`"),
            (
                "agent: gift", "agent: engine",
                "1:8: `engine` is not a valid name for an agent: it means something in rules"
            ),
            ("agent: gift", "agent: Gift", "`Gift` is not a valid name for an agent: lower-case letters"),
            ("agent: gift", "agent: gift-wrap", "`gift-wrap` is not a valid name for an agent: lower-case letters"),
            ("agent: gift", "agent: orders", "`orders` is a projection of the program"),
            ("    key: giftId\n", "", "the table `gifts` needs `key`"),
            ("    key: giftId\n", "    key: gift-id\n", "`gift-id` is not the name of a member of events"),
            ("    key: giftId\n", "    kye: giftId\n", "unknown key `kye` in the table `gifts`, did you mean `key`?"),
            ("    row: {fromUserId: id,", "    row: {fromUserId: idd,", "unknown type `idd`, did you mean `id`?"),
            ("row: {fromUserId: id,", "row: {fromUserId: personal id,", "a row holds nothing personal"),
            ("row: {fromUserId: id,", "row: {from-user: id,", "`from-user` is not a name that rules can select"),
            (
                "index: [toUserId]", "index: [toUserid]",
                "`gifts` has no member `toUserid` to look up, did you mean `toUserId`?"
            ),
            ("index: [toUserId]", "index: [toUserId, toUserId]", "`toUserId` is named twice"),
            ("  gifts:\n", "  orders:\n", "`orders` is a table of the program"),
            ("  gifts:\n", "  franchiseFor:\n", "`franchiseFor` is a function of the program"),
            ("  gifts:\n", "  wallet:\n", "`wallet` is the name of an agent"),
            ("  gifts:\n", "  complaint:\n", "`complaint` is the name of an agent"),
            ("  gifts:\n", "  event:\n", "`event` stands for something else in every expression"),
            ("  gifts:\n", "  in:\n", "`in` stands for something else in every expression"),
            ("  gifts:\n", "  my-gifts:\n", "`my-gifts` is not a name for a table"),
            (
                "gift.recorded: {change", "gift.promised: {change",
                "`gift.promised` is a trigger, which rules may refuse"
            ),
            ("gift.recorded: {change", "timer.fired: {change", "`timer.fired` is an entry of the engine"),
            (
                "gift.recorded: {change", "gift.record: {change",
                "unknown event type `gift.record`, did you mean `gift.recorded`?"
            ),
            (
                "gift.recorded: {change", "gift.unnamed: {change",
                "`gift.unnamed` has no member `giftId`, the key of `gifts`"
            ),
            (
                "{change: gifts, ", "{change: orders, ",
                "`orders` is a projection of the program: an agent folds into its own"
            ),
            ("{change: gifts, ", "{change: gift, ", "`gift` is not a table of this file, did you mean `gifts`?"),
            (
                "{change: gifts, ", "{chnge: gifts, ",
                "unknown key `chnge` in the fold of `gift.recorded`, did you mean `change`?"
            ),
            ("{change: gifts, ", "{", "the fold of `gift.recorded` says what it does: `put`, `change` or `remove`"),
            ("{change: gifts, ", "{change: gifts, remove: gifts, ", "`remove` beside `change`"),
            ("{change: gifts, ", "{remove: gifts, ", "`row` beside `remove`"),
            ("{change: gifts, row: {open: 'false'}}", "{change: gifts}", "`change: gifts` needs `row`"),
            ("{change: gifts, row: {open: 'false'}}", "{change: gifts, row: {}}", "`row` names no member"),
            ("{open: 'false'}", "{opn: 'false'}", "`gifts` has no member `opn`, did you mean `open`?"),
            ("{open: 'false'}", "{open: 1}", "`open` must be bool, is int"),
            ("{open: 'false'}", "{kind: '\"huge\"'}", "`kind` must be one of big, small, is `huge`"),
            ("{open: 'false'}", "{open: params.x}", "unknown name `params`"),
            ("{open: 'false'}", "{open: '\"x\" in orders'}", "unknown name `orders`"),
            ("{open: 'false'}", "{open: row.opn}", "unknown field `opn`, did you mean `open`?"),
            ("{open: 'false'}", "{open: data.opn}", "unknown field `opn`"),
            ("{change: gifts, ", "{change: gifts, key: 5, ", "`key` must be string, is int"),
            ("{change: gifts, ", "{change: gifts, if: 5, ", "`if` must be bool, is int"),
            (
                "toUserId: data.toUserId, open: 'true'}", "open: 'true'}",
                "missing member `toUserId`: `put` gives the whole row"
            ),
            ("toUserId: data.toUserId, open", "toUserId: data.toUserId, toUserId: data.toUserId, open", "toUserId"),
            (
                "gift.accepted: {put: gifts, row: {", "gift.accepted: {put: gifts, row: {points: data.parts, ",
                "`points` must be int, is list(string)"
            ),
        ])
    func refused(old: String, new: String, message: String) {
        let text = Self.gift + Self.fold
        #expect(text.contains(old))
        let problems = problems(text.replacing(old, with: new))
        #expect(problems.contains(message), "\(problems)")
        #expect(problems.contains("gift.yaml:"), "\(problems)")
    }

    @Test(
        "an agent of the program has its class and may declare tables, a name stands for one thing, and files fold into their own"
    )
    func names() {
        let complaint = Fixture.head + "class: standing\n"
        #expect(throws: RuleSetError.self) {
            try RuleSet.load(
                files: [RuleFile(name: "complaint.yaml", text: complaint)], host: fixture.host, isNew: true)
        }
        let slips =
            Fixture.head + """
                tables: {slips: {key: complaintId, row: {note: string}}}
                fold:
                  complaint.refused: {put: slips, row: {note: data.reason}}

                """
        let set = try? RuleSet.load(
            files: [RuleFile(name: "complaint.yaml", text: slips)], host: fixture.host, isNew: true)
        #expect(set?.tables.map(\.name) == ["slips"])
        let second = Self.gift.replacing("agent: gift", with: "agent: present").replacing("gift.", with: "present.")
        func together(_ text: String) -> String {
            do throws(RuleSetError) {
                let files = [RuleFile(name: "gift.yaml", text: Self.gift), RuleFile(name: "present.yaml", text: text)]
                _ = try RuleSet.load(files: files, host: fixture.host, isNew: true)
                return ""
            } catch {
                return error.description
            }
        }
        #expect(together(second).contains("present.yaml:13:3: `gifts` is a table of agent `gift` already"))
        #expect(together(second.replacing("  gifts:", with: "  gift:")).contains("`gift` is the name of an agent"))
        #expect(
            together(second.replacing("  gifts:", with: "  giftsByToUserId:"))
                .contains("`giftsByToUserId` is the function that looks up `gifts`"))
        let theirs = second.replacing("  gifts:", with: "  presents:")
        #expect(together(theirs) == "")
        #expect(
            together(theirs + "fold:\n  gift.recorded: {remove: gifts}\n")
                .contains("`gifts` is a table of agent `gift`: an agent folds into its own"))
        #expect(together(theirs + "fold:\n  gift.recorded: {remove: presents}\n") == "")
    }

    @Test("a name that the program brings later is kept by a set that is in force")
    func inForce() throws {
        let text = (Self.gift + Self.fold).replacing("gifts", with: "orders")
        #expect(problems(text).contains("`orders` is a table of the program"))
        #expect(try load(text, isNew: false).tables.map(\.name) == ["orders"])
    }

    @Test(
        "an expression that can be in error is warned of, with what then stays",
        arguments: [
            (
                "{points: size(data.parts) / size(data.kind)}",
                "`size(data.kind)` may be 0: `points` then stays as it was"
            ),
            ("{points: int(data.kind)}", "`data.kind` may be no int"),
            ("{kind: data.kind}", "`data.kind` may be none of `big`, `small`"),
            ("{fromUserId: 'data.parts[0]'}", "there may be no `0` in `data.parts`; `[?0]` asks for it"),
            ("{points: data.extra.points}", "there may be no `points` in `data.extra`; `.?points` asks for it"),
            ("{points: data.extra.points}", "`data.extra.points` may be no int"),
            ("{points: row.points + 1}", "`points` may be absent: ask `has(...)` first"),
        ])
    func warned(row: String, warning: String) throws {
        let fold = "fold:\n  gift.accepted: {change: gifts, row: \(row)}\n"
        let warnings = try load(Self.gift + fold).warnings.map(\.description).joined(separator: "\n")
        #expect(warnings.contains(warning), "\(warnings)")
        #expect(warnings.contains("gift.yaml:18:"), "\(warnings)")
    }

    @Test(
        "an expression that cannot be in error is not warned of",
        arguments: [
            "{points: 'row.?points.orValue(0) + size(data.parts)'}",
            "{kind: 'size(data.parts) > 2 ? \"big\" : \"small\"'}",
            "{kind: row.?kind}", "{points: size(data.parts) / 2}", "[fromUserId, toUserId]",
            "{open: 'data.?kind.orValue(\"\") == \"\"'}",
        ])
    func quiet(row: String) throws {
        let fold = "fold:\n  gift.accepted: {change: gifts, row: \(row)}\n"
        #expect(try load(Self.gift + fold).warnings.map(\.message) == [])
    }

    @Test("a key that may be absent or fail is warned of")
    func doubtfulKey() throws {
        let text = Self.gift.replacing("key: giftId", with: "key: by")
        #expect(
            try load(text + "fold:\n  gift.seen: {remove: gifts}\n").warnings.map(\.message)
                == ["`by` of `gift.seen` may be absent, and then nothing is folded"])
        let own = "fold:\n  gift.accepted: {remove: gifts, key: 'data.parts[0]'}\n"
        #expect(try load(Self.gift + own).warnings.map(\.message).first?.hasSuffix(": nothing is folded") == true)
        #expect(
            problems(Self.gift + "fold:\n  gift.unnamed: {remove: gifts, key: data.secret}\n").contains(
                "a personal field"))
    }

    @Test("a table that is kept may gain members, and texts of an enum, and lose none")
    func kept() throws {
        let set = try load(Self.gift)
        let kept = set.keptTables
        func now(_ old: String, _ new: String) -> String { problems(Self.gift.replacing(old, with: new), kept: kept) }
        #expect(now("", "") == "")
        #expect(now("points: optional int", "points: optional int, since: timestamp, tags: '[string]'") == "")
        #expect(now("big|small", "small|huge|big") == "")
        #expect(now("open: bool", "open: optional bool") == "")
        #expect(now("fromUserId: id, toUserId: id, open", "toUserId: id, fromUserId: string, open") == "")
        #expect(now("index: [toUserId]", "index: [fromUserId]") == "")
        #expect(now("  gifts:", "  presents:") == "")
        let gone = now(", open: bool", "")
        #expect(
            gone.contains("gift.yaml:13:3: `gifts` no longer declares `open`, which rows that are there have"),
            "\(gone)")
        let retyped = now("open: bool", "open: int")
        #expect(
            retyped.contains("`open` of `gifts` was `bool`: rows that are there keep that type")
                && retyped.contains("gift.yaml:15:"), "\(retyped)")
        #expect(now("optional big|small", "optional big").contains("`kind` of `gifts` was `optional big|small`"))
        #expect(now("points: optional int", "points: int").contains("`points` of `gifts` was `optional int`"))
        #expect(now("key: giftId", "key: id").contains("gift.yaml:14:10: the key of `gifts` was `giftId`"))
    }
}
