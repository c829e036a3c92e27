import Foundation
import Rules

/// `tools/generate`: writes the files that follow from the declarations of event types. These are the views, folds and
/// encoders of each module, the engine's types as the program holds them, and `rules/EVENTS.md`.
///
/// `Wanted` reads a module's `folds.yaml` and looks up the declarations, `SwiftText` writes the source, and
/// `GeneratedFiles` lists the files; with `--check` they are only compared.
@main
enum Main {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.isEmpty || words == ["--check"] else { end(2, "usage: tools/generate [--check]") }
        do {
            let files = try GeneratedFiles.all(in: ".")
            let old = files.filter { (try? TextFile.read($0.path)) != $0.text }
            if words.isEmpty {
                for file in old { try TextFile.write(file.text, to: file.path) }
                for file in old { print("written: " + file.path) }
            } else if !old.isEmpty {
                end(1, old.map { "out of date: " + $0.path }.joined(separator: "\n") + "\nrun tools/generate")
            }
        } catch {
            end(2, "\(error)")
        }
    }

    private static func end(_ status: Int32, _ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(status)
    }
}
