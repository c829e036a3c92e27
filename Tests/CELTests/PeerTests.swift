import CEL
import Foundation
import TestSupport
import Testing

/// The engine beside two others that were written from the same specification.
@Suite("CEL beside other engines") struct PeerTests {
    /// One answer of each engine: a tagged value as `tools/cel-peers.py` writes it.
    private struct Answers: Decodable {
        let python: Tagged
        let rust: Tagged

        enum CodingKeys: String, CodingKey {
            case python = "cel-python"
            case rust = "common-expression-language"
        }
    }

    private static let count = 500

    @Test("random expressions come to what another engine says, wherever the others agree")
    func peers() throws {
        var generator = ExpressionGenerator(random: .announced())
        let asked = (0..<Self.count).map { _ in generator.boolean(4) }
        guard let answers = try Self.answers(to: asked) else { return }
        try #require(answers.count == asked.count)
        var environment = CELEnvironment()
        let x = environment.declare(variable: "x", .dyn)
        let s = environment.declare(variable: "s", .dyn)
        let l = environment.declare(variable: "l", .dyn)
        let m = environment.declare(variable: "m", .dyn)
        let activation = Activation(slots: environment.variables.count)
        activation[x] = .int(7)
        activation[s] = .string("Zoë")
        activation[l] = .list([.int(3), .int(-2), .int(7)])
        activation[m] = try environment.compile("{'a': 5, 'b': 0}").evaluate(activation)
        var agreed = 0
        for (source, answer) in zip(asked, answers) where answer.python == answer.rust {
            activation.costLimit = 1_000_000
            let own = Tagged(try environment.compileUnchecked(source).evaluate(activation))
            #expect(own == answer.rust, "\(source)")
            agreed += 1
        }
        #expect(agreed > Self.count * 3 / 4, "the others agree on \(agreed) alone")
    }

    /// Nil, with a line on stdout, where the engines are not to be had.
    private static func answers(to asked: [String]) throws -> [Answers]? {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let bindings: [String: Any] = ["x": 7, "s": "Zoë", "l": [3, -2, 7], "m": ["a": 5, "b": 0]]
        let lines = try asked.map { source in
            try JSONSerialization.data(withJSONObject: ["expression": source, "bindings": bindings])
        }
        let directory = try TemporaryDirectory()
        let (input, output) = (directory.file("asked"), directory.file("answers"))
        try Data(lines.joined(separator: Data("\n".utf8))).write(to: URL(fileURLWithPath: input))
        try Data().write(to: URL(fileURLWithPath: output))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", package + "/tools/cel-peers.py", package + "/.build/cel-python"]
        process.standardInput = FileHandle(forReadingAtPath: input)
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus == 3 || process.terminationStatus == 127 {
            print("skipped: cel-python and common-expression-language cannot be had from PyPI")
            return nil
        }
        try #require(process.terminationStatus == 0)
        let text = try String(contentsOfFile: output, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Answers.self, from: Data($0.utf8)) }
    }
}

/// A value with its type, or that there is none. Both kinds of integers are one: not every engine keeps them apart.
private enum Tagged: Equatable, Decodable {
    case null, error, other
    case bool(Bool)
    case int(String)
    case double(String)
    case string(String)
    indirect case list([Tagged])

    init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int("\(number)")
        case .uint(let number): self = .int("\(number)")
        case .string(let text): self = .string(text)
        case .list(let elements): self = .list(elements.map(Tagged.init))
        case .error: self = .error
        default: self = .other
        }
    }

    init(from decoder: any Decoder) throws {
        var items = try decoder.unkeyedContainer()
        switch try items.decode(String.self) {
        case "null": self = .null
        case "error": self = .error
        case "bool": self = .bool(try items.decode(Bool.self))
        case "int": self = .int(try items.decode(String.self))
        case "double": self = .double(try items.decode(String.self))
        case "string": self = .string(try items.decode(String.self))
        case "list":
            var elements: [Tagged] = []
            while !items.isAtEnd { elements.append(try items.decode(Tagged.self)) }
            self = .list(elements)
        default: self = .other
        }
    }
}

/// Makes up expressions of the part of CEL that every engine has, over `x` (int), `s` (string), `l` (ints) and `m` (a map).
private struct ExpressionGenerator {
    var random: SeededGenerator

    mutating func boolean(_ depth: Int) -> String {
        guard depth > 0 else { return random.pick(["true", "false", "x == 7", "s == 'Zoë'", "'a' in m"]) }
        switch random.int(in: 1...12) {
        case 1...2: return "(\(boolean(depth - 1)) && \(boolean(depth - 1)))"
        case 3...4: return "(\(boolean(depth - 1)) || \(boolean(depth - 1)))"
        case 5: return "!\(boolean(depth - 1))"
        case 6...7:
            let sign = random.pick(["==", "!=", "<", "<=", ">", ">="])
            return "(\(integer(depth - 1)) \(sign) \(integer(depth - 1)))"
        case 8: return "(\(text(depth - 1)) \(random.pick(["==", "!=", "<", ">"])) \(text(depth - 1)))"
        case 9: return "(\(integer(depth - 1)) in \(list(depth - 1)))"
        case 10:
            let macro = random.pick(["exists", "all", "exists_one"])
            return "\(list(depth - 1)).\(macro)(v, v \(random.pick(["<", ">=", "=="])) \(integer(depth - 1)))"
        case 11:
            let method = random.pick(["startsWith", "endsWith", "contains"])
            return "\(text(depth - 1)).\(method)(\(text(depth - 1)))"
        default: return "(\(boolean(depth - 1)) ? \(boolean(depth - 1)) : \(boolean(depth - 1)))"
        }
    }

    mutating func integer(_ depth: Int) -> String {
        guard depth > 0 else {
            return random.pick(["0", "1", "2", "-3", "7", "9223372036854775807", "x", "m.a", "m['b']", "l[0]", "l[2]"])
        }
        switch random.int(in: 1...8) {
        case 1...4:
            return "(\(integer(depth - 1)) \(random.pick(["+", "-", "*", "/", "%"])) \(integer(depth - 1)))"
        case 5: return "size(\(random.once(in: 2) ? list(depth - 1) : text(depth - 1)))"
        case 6: return "(\(boolean(depth - 1)) ? \(integer(depth - 1)) : \(integer(depth - 1)))"
        case 7: return "\(list(depth - 1))[\(random.int(in: 0...3))]"
        default: return integer(0)
        }
    }

    mutating func text(_ depth: Int) -> String {
        guard depth > 0 else { return random.pick(["''", "'a'", "'Zo'", "'ë'", "s", "'x y'"]) }
        switch random.int(in: 1...3) {
        case 1: return "(\(text(depth - 1)) + \(text(depth - 1)))"
        case 2: return "(\(boolean(depth - 1)) ? \(text(depth - 1)) : \(text(depth - 1)))"
        default: return text(0)
        }
    }

    mutating func list(_ depth: Int) -> String {
        guard depth > 0 else { return random.pick(["[]", "l", "[1, 2]", "[x, 7, -1]"]) }
        switch random.int(in: 1...5) {
        case 1: return "(\(list(depth - 1)) + \(list(depth - 1)))"
        case 2: return "\(list(depth - 1)).filter(v, v \(random.pick(["<", ">"])) \(integer(depth - 1)))"
        case 3: return "\(list(depth - 1)).map(v, v \(random.pick(["+", "*"])) \(integer(depth - 1)))"
        case 4: return "[\(integer(depth - 1)), \(integer(depth - 1))]"
        default: return list(0)
        }
    }
}
