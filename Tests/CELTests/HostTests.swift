import CEL
import Synchronization
import Testing

@Suite("A host's map is not visited to look into it")
struct UncountedMapTests {
    /// A map of one entry that records whether it was counted.
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
        var environment = CELEnvironment()
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

/// Nested data read in place, for tests: maps, lists and texts that are never copied.
final class SampleHost: HostObject, @unchecked Sendable {
    enum Part {
        case map([(String, Part)])
        case list([Part])
        case text(StaticString)
        case value(Value)
    }

    private var parts: [Part] = []
    private var children: [[UInt32]] = []

    init(_ root: Part) { _ = add(root) }

    var root: Value { .host(self, 0) }

    private func add(_ part: Part) -> UInt32 {
        let node = parts.count
        parts.append(part)
        children.append([])
        switch part {
        case .map(let entries): children[node] = entries.map { add($0.1) }
        case .list(let elements): children[node] = elements.map { add($0) }
        default: break
        }
        return UInt32(node)
    }

    private func value(_ node: UInt32) -> Value {
        switch parts[Int(node)] {
        case .map, .list: .host(self, node)
        case .text: .text(self, node)
        case .value(let value): value
        }
    }

    func kind(_ node: UInt32) -> HostKind { if case .list = parts[Int(node)] { .list } else { .map } }

    func count(_ node: UInt32) -> Int { children[Int(node)].count }

    func member(_ node: UInt32, _ name: FieldName) -> Value? {
        guard case .map(let entries) = parts[Int(node)] else { return nil }
        return entries.firstIndex { $0.0 == name.text }.map { value(children[Int(node)][$0]) }
    }

    func element(_ node: UInt32, _ index: Int) -> Value? {
        index < children[Int(node)].count ? value(children[Int(node)][index]) : nil
    }

    func key(_ node: UInt32, at position: Int) -> Value {
        guard case .map(let entries) = parts[Int(node)] else { return .null }
        return .string(entries[position].0)
    }

    func text(_ node: UInt32) -> UnsafeRawBufferPointer {
        guard case .text(let text) = parts[Int(node)] else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}
