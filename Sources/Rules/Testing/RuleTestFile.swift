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
