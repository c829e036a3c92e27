import AgentKit
import Rules
import Testing

/// The rows that folds make.
@Suite struct FoldTests {
    let fixture = Fixture()

    /// A rule set with a table, bound to rows in memory.
    private func rules(
        _ fold: String, row: String = "{points: int, name: string, tags: '[string]', note: optional string}"
    )
        throws -> (RuleSet, RecordTable)
    {
        let text = """
            agent: club
            version: 1.0.0
            class: standing
            decisions:
              club.counted: {memberId: string, points: int, name: string, by: int, extra: "{string: dyn}", note: optional string}
              club.moved: {from: string, to: string}
            tables:
              members: {key: memberId, row: \(row), index: [name]}
              others: {key: memberId, row: {count: int}}
            fold:
            \(fold)
            """
        let set = try RuleSet.load(files: [RuleFile(name: "club.yaml", text: text)], host: fixture.host)
        let store = RecordStore(in: fixture.tables)
        for (number, table) in set.tables.enumerated() {
            table.rows = RecordTable(
                store, number: Int64(2 * number + 1), indexes: table.indexes.map { ($0, Int64(2 * number + 2)) })
        }
        return (set, try #require(set.tables.first?.rows))
    }

    private func fold(_ set: RuleSet, _ data: String, type: String = "club.counted") throws {
        let type = try #require(set.eventType(named: type))
        set.fold(try Fixture.event(type.name, data), type)
    }

    private func counted(_ id: String = "M-1", points: Int = 5, name: String = "Ali", by: Int = 1, more: String = "")
        -> String
    {
        #"{"by":\#(by),"extra":{},"memberId":"\#(id)","name":"\#(name)"\#(more),"points":\#(points)}"#
    }

    private func text(_ rows: RecordTable, _ key: String = "M-1") -> String? {
        rows.row(key).map { String(decoding: $0.document.bytes, as: UTF8.self) }
    }

    @Test("put sets the whole row, also over one that is there, of which an expression sees what it was")
    func put() throws {
        let (set, rows) = try rules(
            "  club.counted: {put: members, row: {points: row.points + data.points, name: data.name, tags: 'row.tags + [data.name]', note: data.?note}}"
        )
        try fold(set, counted(points: 5, more: #","note":"n""#))
        #expect(text(rows) == #"{"name":"Ali","note":"n","points":5,"tags":["Ali"]}"#)
        try fold(set, counted(points: 7, name: "Ally"))
        #expect(text(rows) == #"{"name":"Ally","points":12,"tags":["Ali","Ally"]}"#)
        #expect(rows.keys("name", "Ally") == ["M-1"] && rows.keys("name", "Ali") == [])
    }

    @Test("change sets what it names of a row that is there, and makes none; remove takes one, or none")
    func change() throws {
        let (set, rows) = try rules(
            """
              club.counted:
                - {change: members, row: {points: data.points}}
                - {put: members, if: data.by == 1, row: {points: data.points, name: data.name, tags: '[]'}}
              club.moved: {remove: members, key: data.from}
            """)
        try fold(set, counted(by: 2))
        #expect(text(rows) == nil)
        try fold(set, counted(points: 1))
        try fold(set, counted(points: 9, name: "Other", by: 2))
        #expect(text(rows) == #"{"name":"Ali","points":9,"tags":[]}"#)
        try fold(set, #"{"from":"M-2","to":"x"}"#, type: "club.moved")
        #expect(text(rows) != nil)
        try fold(set, #"{"from":"M-1","to":"x"}"#, type: "club.moved")
        #expect(text(rows) == nil)
        #expect(rows.keys("name", "Ali") == [])
    }

    @Test("an expression in error leaves its member as it was, and the others are set")
    func inError() throws {
        let (set, rows) = try rules(
            """
              club.counted:
                put: members
                row: {points: data.points / data.by, name: data.extra.name, tags: '[data.name]', note: 'data.extra[?"note"]'}
            """)
        try fold(set, counted(points: 6, by: 0))
        #expect(text(rows) == #"{"name":"","points":0,"tags":["Ali"]}"#)
        try fold(set, #"{"by":2,"extra":{"name":"X","note":"n"},"memberId":"M-1","name":"B","points":6}"#)
        #expect(text(rows) == #"{"name":"X","note":"n","points":3,"tags":["B"]}"#)
        try fold(set, #"{"by":0,"extra":{"name":5,"note":6},"memberId":"M-1","name":"C","points":6}"#)
        #expect(text(rows) == #"{"name":"X","note":"n","points":3,"tags":["C"]}"#)
    }

    @Test("a key or a condition in error folds nothing, and the fold after it goes on")
    func keyInError() throws {
        let (set, rows) = try rules(
            """
              club.counted:
                - {put: members, key: data.extra.key, row: {points: 1, name: data.name, tags: '[]'}}
                - {put: members, if: data.points / data.by > 0, row: {points: 2, name: data.name, tags: '[]'}}
                - {put: members, key: '"last"', row: {points: 3, name: data.name, tags: '[]'}}
            """)
        try fold(set, counted(by: 0))
        var keys: [String] = []
        rows.forEachKey {
            keys.append($0)
            return true
        }
        #expect(keys == ["last"])
    }

    @Test("integers past 2^53 - 1 and rows past 65,535 bytes are in error, the row stays as it was")
    func limits() throws {
        let (set, rows) = try rules(
            "  club.counted: {put: members, row: {points: row.points + data.points, name: 'row.name + data.name', tags: '[]'}}"
        )
        try fold(set, counted(points: 9_007_199_254_740_991, name: "a"))
        try fold(set, counted(points: 1, name: "b"))
        #expect(text(rows) == #"{"name":"ab","points":9007199254740991,"tags":[]}"#)
        let long = String(repeating: "x", count: 40_000)
        try fold(set, counted(points: 0, name: long))
        let before = try #require(text(rows))
        #expect(before.utf8.count > 40_000)
        try fold(set, counted(points: 0, name: long))
        #expect(text(rows) == before)
    }

    @Test("a row that is folded into itself ever deeper stays where its nesting ends, and rules can still pass it on")
    func nesting() throws {
        let (set, rows) = try rules(
            "  club.counted: {put: members, row: {points: row.points + 1, name: data.name, tags: '[]', deep: '[row.?deep.orValue(0)]'}}",
            row: "{points: int, name: string, tags: '[string]', deep: optional dyn}")
        for _ in 0..<100 { try fold(set, counted()) }
        let row = try #require(text(rows))
        #expect(row.contains("\"points\":100"))
        let levels = row.count { $0 == "[" }
        #expect(levels > 40 && levels < 60, "\(levels)")
        var writer: [UInt8] = Array("{\"data\":{\"a\":{\"b\":[".utf8)
        writer += row.utf8
        writer += Array("]}}}".utf8)
        #expect(throws: Never.self) { try Document.parse(writer) }
    }

    @Test("keys of any text name rows, the empty one and long ones too, and tables keep to their own")
    func keys() throws {
        let (set, rows) = try rules(
            """
              club.counted:
                - {put: members, row: {points: data.points, name: data.name, tags: '[]'}}
                - {put: others, row: {count: 1}}
            """)
        let names = ["", "0", "a/b", "ä\u{301}", String(repeating: "k", count: 2_000), "zz"]
        for name in names { try fold(set, counted(name)) }
        var keys: [String] = []
        rows.forEachKey {
            keys.append($0)
            return true
        }
        #expect(keys == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(rows.keys("name", "Ali") == keys && rows.count("name", "Ali") == 6)
        #expect(rows.keys("name", "Al") == [] && rows.keys("points", "5") == [])
        var later: [String] = []
        rows.forEachKey(from: "a/c") {
            later.append($0)
            return later.count < 2
        }
        #expect(later == [names[4], "zz"])
    }

    @Test("an index follows every change of its member")
    func index() throws {
        let (set, rows) = try rules(
            """
              club.counted: {put: members, row: {points: data.points, name: data.name, tags: '[]'}}
              club.moved: {remove: members, key: data.from}
            """)
        var model: [String: String] = [:]
        for step in 0..<400 {
            let key = "M-\(step &* 7919 % 23)"
            let name = "N-\(step &* 104_729 % 5)"
            if step % 4 == 3 {
                try fold(set, #"{"from":"\#(key)","to":""}"#, type: "club.moved")
                model[key] = nil
            } else {
                try fold(set, counted(key, name: name))
                model[key] = name
            }
            for value in 0..<5 {
                let expected = model.filter { $0.value == "N-\(value)" }.keys.sorted()
                #expect(rows.keys("name", "N-\(value)") == expected)
            }
        }
    }

    @Test("rules read rows with their types, lists of keys and the whole table")
    func reading() throws {
        let text = """
            agent: club
            version: 1.0.0
            class: standing
            triggers:
              club.asked: {memberId: string}
            decisions:
              club.answered: {memberId: string, until: timestamp, left: duration, same: "[string]", all: int, tier: gold|plain}
            tables:
              members:
                key: memberId
                row: {until: timestamp, left: duration, tier: gold|plain, area: string, place: {lat: double}}
                index: [area, tier]
            fold:
              club.answered:
                put: members
                row: {until: data.until, left: data.left, tier: data.tier, area: '"a"', place: '{"lat": 1}'}
            rules:
              - id: answer
                on: club.asked
                let: {member: 'members[data.memberId]'}
                when: member.place.lat < 1.5
                emit:
                  - club.answered: [memberId, until: member.until + duration("1h"), left: member.left, tier: member.tier,
                      same: membersByArea(member.area), all: size(members)]
            """
        let set = try RuleSet.load(files: [RuleFile(name: "club.yaml", text: text)], host: fixture.host, isNew: true)
        #expect(set.warnings == [])
        let table = try #require(set.tables.first)
        table.rows = RecordTable(RecordStore(in: fixture.tables), number: 1, indexes: [("area", 2), ("tier", 3)])
        for id in ["M-2", "M-1"] {
            try fold(
                set,
                #"{"all":0,"left":"90s","memberId":"\#(id)","same":[],"tier":"gold","until":"2024-02-16T10:00:00.000Z"}"#,
                type: "club.answered")
        }
        let rule = try #require(set.rule(named: "club/answer"))
        guard
            case .decided(let decisions) = set.evaluate(
                rule, on: try Fixture.event("club.asked", #"{"memberId":"M-1"}"#))
        else {
            Issue.record("decided nothing")
            return
        }
        #expect(
            decisions.emissions.map(Fixture.text) == [
                #"{"all":2,"left":"90s","memberId":"M-1","same":["M-1","M-2"],"tier":"gold","until":"2024-02-16T11:00:00.000Z"}"#
            ])
    }
}
