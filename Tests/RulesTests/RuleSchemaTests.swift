import AgentKit
import Foundation
import Rules
import TestSupport
import Testing

@Suite struct RuleSchemaTests {
    @Test("rules/schema.json is the schema that the program writes")
    func current() throws {
        #expect(String(decoding: try Repository.bytes("rules/schema.json"), as: UTF8.self) == RuleSchema.json)
    }

    @Test("every reference in the schema leads to a definition, and every definition is an object")
    func references() throws {
        let root = try Document.parse(Array(RuleSchema.json.utf8)).root
        let definitions = try #require(root["$defs"])
        var found: [String] = []
        func collect(_ view: View) {
            if let target = view["$ref"]?.string { found.append(target) }
            for child in view.children { collect(child) }
        }
        collect(root)
        #expect(found.count > 50)
        for target in Set(found) {
            #expect(target.hasPrefix("#/$defs/"))
            #expect(definitions.member(String(target.dropFirst("#/$defs/".count)))?.kind == .object, "\(target)")
        }
    }

    @Test("the files of the repository fit the schema, and files with known mistakes do not")
    func validates() throws {
        guard Self.hasValidator else {
            print("skipped: no python3 with jsonschema")
            return
        }
        var instances: [(id: String, name: String, json: [UInt8], fits: Bool)] = []
        for (folder, tests) in [("rules", false), ("rules/tests", true)] {
            for name in try Repository.names(folder) where name.hasSuffix(".yaml") {
                let file = RuleFile(name: name, text: try Repository.bytes(folder + "/" + name))
                let settings = ["calendar.yaml": "calendar", "currencies.yaml": "currencies", "policy.yaml": "policy"]
                instances.append((tests ? "tests" : settings[name] ?? "ruleFile", name, try file.content(), true))
            }
        }
        let head = "agent: a\nversion: 1\nrules:\n  - {id: r, on: x.y, "
        for (text, fits) in [
            (head + "emit: []}", true), (head + "when: true}", false), (head + "emti: []}", false),
            (head + "emit: [{typ: x.y}]}", false), ("agent: a", false),
            ("agent: a\nversion: 1.0.0\nfacts: {x.y: {a: {string: dyn}, b: [int], c: {d: optional a|b}}}", true),
            ("agent: a\nversion: 1.0.0\nfacts: {x.y: {b: [int, int]}}", false),
            ("agent: a\nversion: 1.0.0\n_own: {x: int}\nown: {x: int}", false),
        ] {
            instances.append(("ruleFile", text, try RuleFile(name: "a.yaml", text: text).content(), fits))
        }
        #expect(instances.count > 15)
        let verdicts = try Self.validate(instances.map { ($0.id, $0.json) })
        for (instance, verdict) in zip(instances, verdicts) {
            #expect((verdict == "fits") == instance.fits, "\(instance.name): \(verdict)")
        }
    }

    private static let hasValidator = (try? python("import jsonschema", input: "")) != nil

    /// The verdict of Python's jsonschema on each instance: `fits`, or the first error.
    private static func validate(_ instances: [(id: String, json: [UInt8])]) throws -> [String] {
        let script = """
            import json, sys
            from jsonschema import Draft202012Validator
            lines = sys.stdin.read().splitlines()
            schema = json.loads(lines[0])
            Draft202012Validator.check_schema(schema)
            for line in lines[1:]:
                id, _, text = line.partition(" ")
                part = dict(schema, **{"$ref": "#/$defs/" + id})
                problem = next(Draft202012Validator(part).iter_errors(json.loads(text)), None)
                print("fits" if problem is None else problem.message.replace("\\n", " ")[:200])
            """
        let schema = try Document.parse(Array(RuleSchema.json.utf8)).bytes
        var input = String(decoding: schema, as: UTF8.self) + "\n"
        for instance in instances { input += instance.id + " " + String(decoding: instance.json, as: UTF8.self) + "\n" }
        return try python(script, input: input).split(separator: "\n").map(String.init)
    }

    private static func python(_ script: String, input: String) throws -> String {
        let folder = try TemporaryDirectory()
        let file = folder.file("input")
        try Data(input.utf8).write(to: URL(fileURLWithPath: file))
        let output = folder.file("output")
        let process = try ChildProcess(
            "/usr/bin/env", ["python3", "-c", script], input: file, output: .file(output))
        guard process.wait() == 0 else { throw CocoaError(.executableLoad) }
        return try String(contentsOfFile: output, encoding: .utf8)
    }
}
