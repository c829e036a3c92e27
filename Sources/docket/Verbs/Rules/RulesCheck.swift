import ArgumentParser
import Engine
import EventLog
import Glibc
import Rules

/// `docket rules check`
struct RulesCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Type-check a folder of rule files.",
        discussion: """
            Prints everything that is wrong, each with file, line and column, and exits 1; or the digest of the rule set.

            Examples:
              docket rules check rules
              docket rules check rules --json
              docket rules check rules --watch
            """)

    @Argument(help: "The folder of rule files.", completion: .directory)
    var directory = "./rules"

    @Flag(help: "Check again on every change, until interrupted.")
    var watch = false

    @OptionGroup var output: OutputOptions

    /// The interval between two looks at the files, in microseconds.
    private static let watchInterval: UInt32 = 300_000

    /// One error or warning.
    private struct Finding: Encodable {
        let file: String, line: Int, column: Int, message: String

        init(_ diagnostic: RuleDiagnostic) {
            file = diagnostic.file
            line = diagnostic.line
            column = diagnostic.column
            message = diagnostic.message
        }
    }

    private struct Report: Encodable {
        var digest: String?
        var rules: Int?
        var types: Int?
        var warnings: [Finding] = []
        var errors: [Finding] = []
    }

    func run() throws {
        guard watch else { return try check(RuleFolder.read(directory)) }
        var last: [RuleFile]?
        while true {
            // A file that is being replaced will be there at the next look.
            if let files = try? RuleFolder.read(directory), files != last {
                last = files
                do { try check(files) } catch let failure as Failure { Console.messages(failure.message) }
                Console.flush()
            }
            usleep(Self.watchInterval)
        }
    }

    private func check(_ files: [RuleFile]) throws {
        let ruleSet: RuleSet
        do throws(RuleSetError) { ruleSet = try RuleFolder.load(files) } catch {
            if output.json {
                try Console.json(Report(errors: error.diagnostics.map(Finding.init)))
            } else {
                error.diagnostics.forEach { Console.page($0.description) }
            }
            throw RuleFolder.failure(error, in: directory)
        }
        if output.json {
            try Console.json(
                Report(
                    digest: ruleSet.digest, rules: ruleSet.rules.count, types: ruleSet.eventTypes.count,
                    warnings: ruleSet.warnings.map(Finding.init)))
        } else {
            ruleSet.warnings.forEach { Console.messages("warning: \($0)") }
            for name in RuleFolder.passedOver(directory) {
                Console.message("warning: `\(name)` is not read: the name of a rule file ends with `.yaml`")
            }
            Console.line(ruleSet.digest)
            Console.message(
                "\(ruleSet.rules.count) rules over \(ruleSet.eventTypes.count) event types in "
                    + (files.count == 1 ? "1 file" : "\(files.count) files"))
        }
    }
}

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
