/// One file of `rules/tests/`: tests of rules in the manner given, when, expect.
package struct RuleTestFile: Sendable {
    package let name: String
    /// What the file's tests are about.
    package let suite: String
    /// Steps before every test.
    package let background: [RuleTestStep]
    package let tests: [RuleTest]

    /// Reads a file; throws everything wrong with it at once.
    package static func read(_ file: RuleFile) throws(RuleSetError) -> RuleTestFile {
        let source = SourceFile(file)
        let reader = RuleTestReader(file: source)
        let result = YamlReader.read(source).flatMap(reader.file)
        guard let result, source.errors.isEmpty else { throw RuleSetError(source.errors.sorted()) }
        return result
    }
}

/// One test: what was, what happens, and every entry that must follow.
package struct RuleTest: Sendable {
    package let name: String
    /// From 1.
    package let line: Int
    package let given: [RuleTestStep]
    package let when: [RuleTestStep]
    package let expect: [ExpectedEntry]
}

/// One step of a test.
package enum RuleTestStep: Sendable {
    case event(RuleTestEvent)
    /// Moves the clock; timers and schedules that are due by then fire.
    case at(String, line: Int)
}

/// An event of a test. One of a type that producers send runs as a whole cascade; any other is only folded.
package struct RuleTestEvent: Sendable {
    package let type: String
    /// RFC 3339; nil takes the clock.
    package let time: String?
    package let subject: String?
    /// The principal that sends it.
    package let authority: String?
    /// RFC 8785 canonical JSON.
    package let data: [UInt8]
    package let line: Int
}

/// An entry that must follow. What is nil is not compared.
package struct ExpectedEntry: Sendable {
    package let type: String
    /// `agent/id`.
    package let rule: String?
    package let subject: String?
    package let because: String?
    /// RFC 8785 canonical JSON.
    package let data: [UInt8]?
    /// Whether `data` names only some members of what must be there.
    package let isPartial: Bool
    package let line: Int
}
