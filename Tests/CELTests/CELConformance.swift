import CEL
import Foundation
import TestSupport
import Testing

/// Runs all files of the public cel-spec suite below the vectors.
@Suite("CELConformance")
struct CELConformance {
    @Test("every case of the conformance suite passes")
    func cases() {
        let files =
            Vectors.files(in: "cel/cases", suffix: ".json") + Vectors.files(in: "cel/supplement", suffix: ".json")
        var passed = 0
        var total = 0
        for file in files {
            var good = 0
            let cases = ConformanceCase.read(file)
            for one in cases {
                if let failure = one.failure() {
                    print("FAIL \(one.id): `\(one.expression)` \(failure)")
                    Issue.record("\(one.id): `\(one.expression)` \(failure)")
                } else {
                    good += 1
                }
            }
            print("\((file as NSString).lastPathComponent): \(good)/\(cases.count)")
            passed += good
            total += cases.count
        }
        print("cel conformance: \(passed)/\(total)")
        #expect(total > 0 || files.isEmpty)
    }

    @Test("the checker gives the types that cel-go gives")
    func types() throws {
        guard let data = Vectors.file("cel/meta/cel-go_types_given.json"),
            let known = try JSONSerialization.jsonObject(with: Data(data)) as? [String: [String: Any]]
        else { return }
        let files = Vectors.files(in: "cel/cases", suffix: ".json")
        var compared = 0
        for file in files {
            for one in ConformanceCase.read(file) {
                guard let entry = known[one.id] else { continue }
                let (environment, _) = one.environment()
                let found = try? environment.check(one.expression)
                if let type = entry["type"] {
                    let wanted = WireType.read(type)
                    #expect(found == wanted, "\(one.id): `\(one.expression)`")
                    compared += 1
                } else if entry["check_error"] != nil, one.bindings.isEmpty {
                    #expect(found == nil, "\(one.id): `\(one.expression)`")
                    compared += 1
                }
            }
        }
        #expect(compared > 0 || files.isEmpty)
    }
}

/// One case of the public conformance suite.
struct ConformanceCase {
    let id: String
    let expression: String
    let container: String
    let isChecked: Bool
    let isCheckOnly: Bool
    let expandsMacros: Bool
    let declarations: [[String: Any]]
    let bindings: [String: Any]
    let expectation: [String: Any]

    init?(_ json: [String: Any]) {
        guard let id = json["id"] as? String, let expression = json["expr"] as? String else { return nil }
        self.id = id
        self.expression = expression
        container = json["container"] as? String ?? ""
        isChecked = !(json["disable_check"] as? Bool ?? false)
        isCheckOnly = json["check_only"] as? Bool ?? false
        expandsMacros = !(json["disable_macros"] as? Bool ?? false)
        declarations = json["type_env"] as? [[String: Any]] ?? []
        bindings = json["bindings"] as? [String: Any] ?? [:]
        expectation = json["expect"] as? [String: Any] ?? [:]
    }

    /// The cases of one file.
    static func read(_ path: String) -> [ConformanceCase] {
        guard let data = FileManager.default.contents(atPath: path),
            let file = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return [] }
        return (file["cases"] as? [[String: Any]] ?? []).compactMap(ConformanceCase.init)
    }

    /// The environment and the values of its slots.
    func environment() -> (CELEnvironment, [(Int, Value)]) {
        var environment = CELEnvironment()
        environment.container = container
        environment.expandsMacros = expandsMacros
        for declaration in declarations {
            guard let name = declaration["name"] as? String else { continue }
            if let variable = declaration["ident"] as? [String: Any] {
                environment.declare(variable: name, WireType.read(variable["type"]))
            } else if let function = declaration["function"] as? [String: Any] {
                environment.declare(function: WireType.function(name, function))
            }
        }
        var values: [(Int, Value)] = []
        for (name, binding) in bindings.sorted(by: { $0.key < $1.key }) {
            let slot = environment.slot(of: name) ?? environment.declare(variable: name, .dyn)
            guard let content = (binding as? [String: Any])?["value"] as? [String: Any] else { continue }
            values.append((slot, WireValue.read(content)))
        }
        return (environment, values)
    }

    /// Nil if the case passes, else the actual outcome.
    func failure() -> String? {
        let (environment, values) = environment()
        let program: Program
        do {
            program =
                try isChecked
                ? environment.compile(expression) : environment.compileUnchecked(expression)
        } catch {
            return expectsError ? nil : "does not compile: \(error)"
        }
        var wanted: [String: Any]?
        if let result = expectation["typed_result"] as? [String: Any] {
            wanted = result["result"] as? [String: Any]
            if let type = result["deduced_type"], WireType.read(type) != program.resultType {
                return "has type \(program.resultType)"
            }
            if isCheckOnly { return nil }
        } else {
            wanted = expectation["value"] as? [String: Any]
        }
        let activation = Activation(slots: environment.variables.count)
        for (slot, value) in values { activation[slot] = value }
        let value = program.evaluate(activation)
        if let error = value.errorValue { return expectsError ? nil : "fails: \(error.message)" }
        if expectsError { return "is \(value), not an error" }
        guard let wanted else { return "the case expects nothing that is known" }
        return WireValue.same(WireValue.read(wanted), value) ? nil : "is \(value)"
    }

    private var expectsError: Bool { expectation["eval_error"] != nil || expectation["any_eval_errors"] != nil }
}
