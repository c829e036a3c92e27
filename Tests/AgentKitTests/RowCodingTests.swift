import CEL
import JSON
import TestSupport
import Testing

@testable import AgentKit

@Suite struct RowCodingTests {
    @Test("a row is read back as it was stored")
    func roundTrip() throws {
        let visit = Visit(
            id: "é", count: .min, isNew: true, at: Instant(milliseconds: -5), paid: .greatest,
            cause: EntrySequence(.max), mood: .bad, note: "",
            left: Instant(milliseconds: 7), seats: -3, lastMood: .good, tags: ["", "a", "guide:x"],
            totals: ["b": 2, "a": -1])
        var writer = RowWriter()
        visit.encode(into: &writer)
        var reader = RowReader(writer.bytes)
        #expect(try Visit.decode(from: &reader) == visit)
        #expect(reader.isAtEnd)
    }

    @Test("a damaged row is an error wherever it is cut off")
    func damaged() throws {
        var writer = RowWriter()
        Visit(id: "abc", note: "n", tags: ["t"]).encode(into: &writer)
        for count in 0..<writer.bytes.count {
            var reader = RowReader(Array(writer.bytes[..<count]))
            #expect(throws: RowError.self) { try Visit.decode(from: &reader) }
        }
        var endless = RowReader(Array(repeating: 0xFF, count: 20))
        #expect(throws: RowError.self) { try endless.unsigned() }
    }

    @Test("a row of random bytes is an error or a row that rules and clients can read")
    func hostile() throws {
        var random = SeededGenerator.announced()
        var writer = RowWriter()
        Visit(
            id: "abc", count: 3, isNew: true, at: Instant(milliseconds: 5), cause: EntrySequence(9), mood: .bad,
            note: "n",
            left: Instant(milliseconds: 7), tags: ["t", "guide:x"], totals: ["b": 2]
        ).encode(into: &writer)
        var readable = 0
        for round in 0..<20_000 {
            var bytes = round % 2 == 0 ? random.bytes(random.int(in: 0...60)) : writer.bytes
            if round % 2 == 1 {
                for _ in 0..<random.int(in: 1...3) {
                    bytes[random.int(in: 0...bytes.count - 1)] = UInt8(random.int(in: 0...255))
                }
            }
            var reader = RowReader(bytes)
            guard let visit = try? Visit.decode(from: &reader) else { continue }
            readable += 1
            #expect(members(visit).count > 5)
            var again = RowWriter()
            visit.encode(into: &again)
            #expect(visit.at.text.utf8.count == 24)
        }
        #expect(readable > 100)
    }

    @Test("a time outside the years 1 to 9999 is no row's, and to rules and people it is the nearest in them")
    func times() throws {
        for milliseconds in [Int64.min, .max, Instant.earliest.milliseconds - 1, Instant.latest.milliseconds + 1] {
            var writer = RowWriter()
            writer.signed(milliseconds)
            var reader = RowReader(writer.bytes)
            #expect(throws: RowError.self) { try Instant.decode(from: &reader) }
            let instant = Instant(milliseconds: milliseconds)
            let nearest = milliseconds < 0 ? Instant.earliest : .latest
            #expect(instant.text == nearest.text)
            guard case .timestamp(let timestamp) = instant.celValue else {
                Issue.record("not a timestamp")
                continue
            }
            #expect(timestamp.seconds == (milliseconds < 0 ? Timestamp.secondsMin : Timestamp.secondsMax))
        }
        for instant in [Instant.earliest, .latest, Instant(milliseconds: -1)] {
            #expect(Timestamp(instant) == Timestamp(milliseconds: instant.milliseconds))
        }
    }

    @Test("an index whose counts say anything gives the keys that there are")
    func counts() {
        let set = TableSet()
        let store = RecordStore(in: set)
        let table = RecordTable(store, number: 1, indexes: [("area", 2)])
        for (key, area) in [("a", "x"), ("b", "x"), ("c", "y")] {
            table.set(try? Document.parse(Array(#"{"area":"\#(area)"}"#.utf8)), at: key)
        }
        #expect(table.keys("area", "x") == ["a", "b"])
        for count in [Int64.min, -1, 3, 1 << 40, .max] {
            store.places["0000000002/cx"] = IndexRow(number: count)
            #expect(table.keys("area", "x") == (count < 0 ? [] : ["a", "b"]))
            #expect(table.count("area", "x") == max(0, Int(clamping: count)))
        }
        table.set(try? Document.parse(Array(#"{"area":"x"}"#.utf8)), at: "d")
        table.set(nil, at: "a")
        #expect(table.row("d") != nil && table.row("a") == nil)
    }

    @Test("totals of 128 bits are read back, and beyond 2^53 − 1 they are decimal texts to rules and clients")
    func totals() throws {
        let greatest = Int128(Amount.greatest.minorUnits)
        for minorUnits in [0, 1, -1, greatest, -greatest, greatest + 1, -greatest - 1, .max, .min, Int128(Int64.min)] {
            let total = Total(minorUnits)
            var writer = RowWriter()
            total.encode(into: &writer)
            var reader = RowReader(writer.bytes)
            #expect(try Total.decode(from: &reader) == total)
            #expect(reader.isAtEnd)
            let isInteger = minorUnits.magnitude <= greatest.magnitude
            #expect(total.celValue == (isInteger ? .int(Int64(minorUnits)) : .string("\(minorUnits)")))
            #expect(Total(total.celValue) == total)
            #expect(Int128(total.saturated.minorUnits) == min(greatest, max(-greatest, minorUnits)))
            #expect((total.exact == nil) == !isInteger)
        }
        var endless = RowReader(Array(repeating: 0xFF, count: 20))
        #expect(throws: RowError.self) { try endless.wide() }
    }

    @Test("rules read every column, stored or computed, and none that is nil")
    func columns() {
        let full = Visit(
            id: "é", count: 3, isNew: true, at: Instant(milliseconds: 1_000), paid: Amount(4), cause: EntrySequence(5),
            mood: .bad, note: "n", left: Instant(milliseconds: 2_000), seats: 6, lastMood: .good, tags: ["guide:x"],
            totals: ["a": 1])
        let expected: [(String, Value)] = [
            ("at", .timestamp(Timestamp(milliseconds: 1_000)!)), ("cause", .string("0000000000000005")),
            ("count", .int(3)), ("guide", .string("guide:x")), ("id", .string("é")), ("isGood", .bool(false)),
            ("isNew", .bool(true)), ("lastMood", .string("good")),
            ("left", .timestamp(Timestamp(milliseconds: 2_000)!)),
            ("mood", .string("bad")), ("note", .string("n")), ("paid", .int(4)), ("seats", .int(6)),
            ("tags", .list([.string("guide:x")])), ("totals", .map(MapValue([("a", .int(1))]))),
        ]
        let found = members(full)
        #expect(found.map(\.name) == expected.map(\.0))
        for (member, value) in zip(found, expected) { #expect(member.value == value.1, "\(member.name)") }
        let present = Set(expected.map(\.0)).subtracting(["guide", "lastMood", "left", "note", "seats"])
        #expect(Set(members(Visit()).map(\.name)) == present)
    }

    /// Every member of a row as rules see it.
    private func members(_ visit: Visit) -> [(name: String, value: Value)] {
        guard case .host(let host, let node) = visit.celValue else { return [] }
        return (0..<host.count(node)).compactMap { position in
            guard let name = host.key(node, at: position).stringValue,
                let value = host.member(node, FieldName(name))
            else { return nil }
            return (name, value)
        }
    }

    @Test("rules see a row as a typed record in which nil is absent")
    func celValue() throws {
        var environment = CELEnvironment()
        for record in Visit.recordTypes { environment.declare(record: record) }
        let slot = environment.declare(variable: "visits", .map(.string, Visit.celType))
        let program = try environment.compile(
            #"has(visits["a"].note) || visits["a"].count + visits["a"].paid == 7 && visits["a"].mood == "bad""#)
        let activation = Activation(slots: 1)
        let row = Visit(id: "a", count: 3, paid: Amount(4), mood: .bad)
        activation[slot] = .map(MapValue([("a", row.celValue)]))
        #expect(program.evaluate(activation).boolValue == true)
        #expect(throws: CompileError.self) { try environment.compile(#"visits["a"].cnt"#) }
    }
}
