import ArgumentParser
import Rules

/// `docket rules diff`
struct RulesDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two folders of rule files.",
        discussion: """
            Says in words which rules, parameters and event types were added, removed or changed. Exits 0 when both give \
            the same rule set (comments and layout do not count), 1 when they differ.

            Example: docket rules diff rules ../proposal/rules
            """)

    @Argument(help: "A folder of rule files.", completion: .directory)
    var before: String

    @Argument(help: "Another one.", completion: .directory)
    var after: String

    @OptionGroup var output: OutputOptions

    private struct Result: Encodable {
        let before: String, after: String, files: [File], changes: [String]
        struct File: Encodable { let file: String, change: String }
    }

    func run() throws {
        let old = try load(before), new = try load(after)
        var files: [Result.File] = []
        for name in Set(old.files.map(\.name) + new.files.map(\.name)).sorted() {
            let a = old.files.first { $0.name == name }?.text, b = new.files.first { $0.name == name }?.text
            guard a != b else { continue }
            files.append(.init(file: name, change: a == nil ? "added" : b == nil ? "removed" : "changed"))
        }
        let changes = RuleSetChanges(from: old, to: new).lines
        if output.json {
            try Console.json(Result(before: old.digest, after: new.digest, files: files, changes: changes))
        } else {
            changes.forEach { Console.line($0) }
        }
        guard old.digest == new.digest else { throw ExitCode(ExitStatus.refused.rawValue) }
        if !output.json { Console.message("both are rule set \(old.digest)") }
    }

    private func load(_ directory: String) throws -> RuleSet {
        let files = try RuleFolder.read(directory)
        do throws(RuleSetError) { return try RuleFolder.load(files) } catch {
            throw Failure(.couldNotRun, page: "\(error)")
        }
    }
}
