import CEL
import Synchronization
import Testing

@Suite("A host's map is not visited to look into it")
struct UncountedMapTests {
    /// A map of one entry that notes whether someone counted it.
    private final class Counted: HostObject {
        let counts = Atomic<Int>(0)

        func count(_ node: UInt32) -> Int {
            counts.add(1, ordering: .relaxed)
            return 1
        }
        func member(_ node: UInt32, _ name: FieldName) -> Value? { name.text == "a" ? .int(1) : nil }
        func member(_ node: UInt32, key: Value) -> Value? { key.stringValue == "a" ? .int(1) : nil }
        func key(_ node: UInt32, at position: Int) -> Value { .string("a") }
    }

    @Test(
        "membership, index and optional index ask for the entry alone",
        arguments: [
            #"k in rows"#, #"!(("no" + k) in rows)"#, #"rows[k] == 1"#, #"rows[?k].hasValue()"#,
            #"!rows[?("no" + k)].hasValue()"#,
        ])
    func lookups(expression: String) throws {
        var environment = Environment()
        let rows = environment.declare(variable: "rows", .map(.string, .int))
        let key = environment.declare(variable: "k", .string)
        let program = try environment.compile(expression, expecting: .bool)
        let host = Counted()
        let activation = Activation(slots: 2)
        activation[rows] = .host(host, 0)
        activation[key] = .string("a")
        #expect(program.evaluate(activation).boolValue == true)
        #expect(host.counts.load(ordering: .relaxed) == 0)
    }
}
