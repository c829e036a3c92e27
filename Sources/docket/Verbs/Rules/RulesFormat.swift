import ArgumentParser
import Engine
import Glibc
import Rules

/// `docket rules format`
struct RulesFormat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Give rule files their one layout.",
        discussion: """
            Puts the keys of each rule in the order in which they are asked, a blank line between rules, and takes blanks \
            from the ends of lines; in DIR and DIR/tests. Comments stay with what they stand above, and what a file says \
            stays the same. Prints the names of the files that it changed.

            With --check nothing is written; exits 1 where a file differs. Keys that cannot be put in order without changing what \
            the file says, as those of a rule in braces, are told with their place, and it exits 1.

            Examples:
              docket rules format rules
              docket rules format --check rules
            """)

    @Argument(help: "The folder of rule files.", completion: .directory)
    var directory = "./rules"

    @Flag(help: "Only say which files differ.")
    var check = false

    @OptionGroup var output: OutputOptions

    private struct Report: Encodable {
        let differs: [String]
        /// The places of keys that stay out of order.
        let unordered: [String]
    }

    func run() throws {
        var differs: [String] = []
        var unordered: [RuleDiagnostic] = []
        var folders = [""]
        if access(directory + "/tests", F_OK) == 0 { folders.append("tests/") }
        for folder in folders {
            for file in try RuleFolder.read(directory + "/" + folder) {
                let text: [UInt8]
                do throws(RuleSetError) { text = try RuleFormat.formatted(file) } catch {
                    throw Failure(.couldNotRun, page: error.description)
                }
                unordered += RuleFormat.unordered(RuleFile(name: folder + file.name, text: text))
                guard text != file.text else { continue }
                differs.append(folder + file.name)
                if !check { try FileText.write(text, to: directory + "/" + folder + file.name) }
            }
        }
        if output.json {
            let places = unordered.map { "\($0.file):\($0.line):\($0.column)" }
            try Console.json(Report(differs: differs, unordered: places))
        } else {
            differs.forEach { Console.line($0) }
        }
        if !unordered.isEmpty {
            throw Failure(.refused, page: unordered.map(\.description).joined(separator: "\n"))
        }
        if check, !differs.isEmpty {
            throw Failure(
                .refused,
                "\(differs.count) \(differs.count == 1 ? "file differs" : "files differ"): `docket rules format`")
        }
    }
}
