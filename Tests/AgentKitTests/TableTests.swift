import AgentKit
import TestSupport
import Testing

@Suite struct TableTests {
    private func keys(_ table: AnyTable, from: String = "") -> [String] {
        var result: [String] = []
        table.forEachKey(from: from) { key in
            result.append(key)
            return true
        }
        return result
    }

    @Test("changes after a mark are taken back, those before it stay")
    func undo() {
        let set = TableSet()
        let visits: Table<Visit> = set.table("visits")
        visits["a"] = Visit(id: "a", count: 1)
        let mark = set.journal.mark()
        visits["a"]?.count = 2
        visits["b"] = Visit(id: "b")
        visits["a"] = nil
        set.journal.undo(to: mark)
        #expect(visits["a"]?.count == 1)
        #expect(visits["b"] == nil)
        #expect(keys(visits) == ["a"])
    }

    @Test("marks nest, and keeping forgets how to go back")
    func nested() {
        let set = TableSet()
        let visits: Table<Visit> = set.table("visits")
        let outer = set.journal.mark()
        visits["a"] = Visit(id: "a")
        let inner = set.journal.mark()
        visits["b"] = Visit(id: "b")
        set.journal.undo(to: inner)
        #expect(keys(visits) == ["a"])
        set.journal.undo(to: outer)
        #expect(keys(visits) == [])
        _ = set.journal.mark()
        visits["c"] = Visit(id: "c")
        set.journal.commit()
        #expect(keys(visits) == ["c"])
    }

    @Test("a table reads through to its store and writes its changes behind")
    func store() {
        let store = MemoryStore()
        let set = TableSet(store: store)
        let visits: Table<Visit> = set.table("visits")
        visits["b"] = Visit(id: "b", count: 2, note: "n", tags: ["x", "y"])
        visits["a"] = Visit(id: "a")
        store.write(visits.rotate())
        visits["c"] = Visit(id: "c")
        visits["a"] = nil
        #expect(visits["b"]?.tags == ["x", "y"])
        visits.discardRotated()
        #expect(visits["b"]?.note == "n")
        #expect(visits["a"] == nil)
        #expect(keys(visits) == ["b", "c"])
        #expect(keys(visits, from: "bb") == ["c"])
        store.write(visits.rotate())
        visits.discardRotated()
        #expect(store.rows["visits"]?.keys.sorted() == ["b", "c"])
    }

    @Test("a row that is missing is looked for once, whatever is undone, and found when it is set")
    func missing() {
        let store = MemoryStore()
        let set = TableSet(store: store)
        let visits: Table<Visit> = set.table("visits")
        for _ in 0..<3 { #expect(visits["a"] == nil) }
        #expect(store.reads == 1)
        let mark = set.journal.mark()
        visits["a"] = Visit(id: "a", count: 1)
        #expect(visits["a"]?.count == 1)
        set.journal.undo(to: mark)
        #expect(visits["a"] == nil)
        visits.upsert("a") { $0.count += 2 }
        #expect(visits["a"]?.count == 2)
        #expect(store.reads == 1)
        store.write(visits.rotate())
        visits.discardRotated()
        #expect(visits["a"]?.count == 2)
        #expect(store.reads == 2)
        #expect(visits["b"] == nil)
    }

    @Test("changes are written in the byte order of their keys")
    func order() {
        let set = TableSet()
        let visits: Table<Visit> = set.table("visits")
        let keys = ["b", "", "é", "aa", "a", "ab", "a\u{0}", "z", "B"]
        for key in keys { visits[key] = Visit(id: key) }
        visits["aa"] = nil
        let written = visits.rotate().encoded()
        #expect(written.map(\.key) == ["", "B", "a", "a\u{0}", "aa", "ab", "b", "z", "é"])
        #expect(written.filter { $0.value == nil }.map(\.key) == ["aa"])
    }

    @Test("texts are the same where their bytes are, not where they look alike")
    func sameBytes() {
        #expect("caf\u{E9}" == "cafe\u{301}")
        #expect(!"caf\u{E9}".hasSameBytes(as: "cafe\u{301}"))
        #expect("".hasSameBytes(as: "") && !"".hasSameBytes(as: "a"))
        #expect(String(repeating: "x", count: 40).hasSameBytes(as: String(repeating: "x", count: 40)))
        #expect(!"abc".hasSameBytes(as: "abd"))
    }

    @Test("random changes and undos agree with a dictionary that is copied")
    func random() {
        var random = SeededGenerator.announced()
        let store = MemoryStore()
        let set = TableSet(store: store)
        let visits: Table<Visit> = set.table("visits")
        var model: [String: Int64] = [:]
        for _ in 0..<300 {
            let before = model
            let mark = set.journal.mark()
            for _ in 0..<random.int(in: 0...6) {
                let key = "k\(random.int(in: 0...9))"
                if random.once(in: 3) {
                    visits[key] = nil
                    model[key] = nil
                } else {
                    let count = Int64(random.int(in: 0...1000))
                    visits.upsert(key) { $0.count = count }
                    model[key] = count
                }
            }
            if random.once(in: 2) {
                set.journal.undo(to: mark)
                model = before
            } else {
                set.journal.commit()
            }
            if random.once(in: 5) {
                store.write(visits.rotate())
                visits.discardRotated()
            }
            #expect(keys(visits) == model.keys.sorted())
            for (key, count) in model { #expect(visits[key]?.count == count) }
        }
    }
}
