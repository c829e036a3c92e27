import AgentKit
import TestSupport
import Testing

@Suite("walks over a table")
struct WalkTests {
    private func keys(_ table: AnyTable, from: String = "") -> [String] {
        var result: [String] = []
        table.forEachKey(from: from) { key in
            result.append(key)
            return true
        }
        return result
    }

    @Test("see the keys that are there, each once and in byte order, whatever came, went and was written meanwhile")
    func random() {
        var random = SeededGenerator.announced()
        let store = MemoryStore()
        let set = TableSet(store: store)
        let visits: Table<Visit> = set.table("visits")
        var model: Set<String> = []
        var isRotated = false
        for round in 0..<400 {
            let mark = set.journal.mark()
            let before = model
            for _ in 0..<random.int(in: 0...12) {
                let key = "k" + String(random.int(in: 0...30)) + (random.once(in: 8) ? "é" : "")
                if random.once(in: 2) {
                    visits[key] = nil
                    model.remove(key)
                } else {
                    visits[key] = Visit(id: key, count: Int64(round))
                    model.insert(key)
                }
                if random.once(in: 4) { _ = keys(visits, from: key) }
            }
            if random.once(in: 3) {
                set.journal.undo(to: mark)
                model = before
            }
            set.journal.commit()
            switch random.int(in: 0...9) {
            case 0 where !isRotated:
                store.write(visits.rotate())
                isRotated = true
            case 1 where isRotated:
                visits.discardRotated()
                isRotated = false
            default: break
            }
            let expected = model.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(keys(visits) == expected)
            let from = "k" + String(random.int(in: 0...30))
            #expect(keys(visits, from: from) == expected.filter { !$0.utf8.lexicographicallyPrecedes(from.utf8) })
        }
    }

    @Test("see rows that the walk itself changes, and none that it removed")
    func changing() {
        let store = MemoryStore()
        let set = TableSet(store: store)
        let visits: Table<Visit> = set.table("visits")
        for key in ["a", "b", "c", "d", "e"] { visits[key] = Visit(id: key) }
        store.write(visits.rotate())
        visits.discardRotated()
        visits["c"] = Visit(id: "c", count: 1)
        var seen: [String] = []
        visits.forEachKey { key in
            seen.append(key)
            if key == "a" {
                visits["b"] = nil
                visits["d"] = Visit(id: "d", count: 2)
                visits["c"] = nil
            }
            return true
        }
        #expect(seen == ["a", "d", "e"])
        #expect(keys(visits) == ["a", "d", "e"])
    }

    @Test("look at the rows that are there and not at those that were removed")
    func bounded() {
        let set = TableSet()
        let visits: Table<Visit> = set.table("visits")
        visits["still"] = Visit(id: "still")
        #expect(keys(visits) == ["still"])
        for number in 0..<20_000 {
            visits["\(number)"] = Visit(id: "\(number)")
            visits["\(number)"] = nil
        }
        var rows = visits.rows
        #expect(visits.changedCount == 20_001)
        #expect(rows.orderedSlots().count == 1)
        #expect(keys(visits) == ["still"])
    }
}
