import ArgumentParser
import CEL

/// The words of the command line before its options are parsed.
struct CommandWords {
    private let words: [String]

    init(_ words: [String]) { self.words = words }

    /// The words for the parser.
    /// - Throws: for a verb that does not exist, whatever options stand behind it.
    func checked() throws(Failure) -> [String] {
        try requireVerb()
        return words.first == "cel" ? Self.separatingExpression(words) : words
    }

    /// Follows the verbs down to one that has none below it.
    private func requireVerb() throws(Failure) {
        var command: any ParsableCommand.Type = Docket.self
        var path: [String] = []
        for word in words.first == "help" ? words.dropFirst() : words[...] {
            let known = command.configuration.subcommands
            guard !known.isEmpty, !word.hasPrefix("-") else { return }
            guard let next = known.first(where: { $0._commandName == word }) else {
                let names = known.map { (path + [$0._commandName]).joined(separator: " ") }
                let name = (path + [word]).joined(separator: " ")
                let nearest = Suggestion.text(for: name, among: path.isEmpty ? names + ["help"] : names)
                let help = (["docket"] + path + ["--help"]).joined(separator: " ")
                throw Failure(
                    .couldNotRun, "unknown command `\(name)`" + (nearest.isEmpty ? ": `\(help)` lists them" : nearest))
            }
            command = next
            path.append(word)
        }
    }

    /// Puts an expression that begins with a minus behind `--`, so that it is not taken for an option: `cel -1`.
    private static func separatingExpression(_ words: [String]) -> [String] {
        var index = 1
        while index < words.count, words[index] != "--" {
            let word = words[index]
            if word.hasPrefix("-"), word.count > 1, word != "-h", !isLongOption(word) {
                return words[..<index] + words[(index + 1)...] + ["--", word]
            }
            index += word == "--bindings" ? 2 : 1
        }
        return words
    }

    private static func isLongOption(_ word: String) -> Bool {
        word.utf8.starts(with: "--".utf8) && (word.utf8.dropFirst(2).first.map { $0 >= 0x61 && $0 <= 0x7A } ?? false)
    }
}
