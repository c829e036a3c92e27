import AgentKit
import Testing

@Suite struct RowCodingTests {
    @Test("a row is read back as it was stored")
    func roundTrip() throws {
        let visit = Visit(
            id: "é", count: .min, isNew: true, at: Instant(milliseconds: -5), paid: .greatest,
            cause: EntrySequence(.max), mood: .bad, note: "", tags: ["", "a"], totals: ["b": 2, "a": -1])
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

    @Test("rules see a row as a typed record in which nil is absent")
    func celValue() throws {
        var environment = Environment()
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
