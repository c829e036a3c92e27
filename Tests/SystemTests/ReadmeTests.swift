import Foundation
import TestSupport
import Testing

/// Plays a page from top to bottom as a newcomer would, and holds the answers against those printed there.
@Suite("README and the rules' page do what they say", .ownThreads)
struct ReadmeTests {
    /// Commands, and the output that the page shows for them.
    private struct Block {
        var commands: [String]
        var shown: String?
        var isJSON = false
    }

    /// The fenced blocks of shell commands, each with the block of output right behind it.
    private static func blocks(of page: String) throws -> [Block] {
        let text = try String(contentsOfFile: Docket.package + "/" + page, encoding: .utf8)
        var blocks: [Block] = []
        for match in text.matches(of: /(?ms)^```(sh|text|json)\n(.*?)^```/) {
            let body = String(match.2)
            if match.1 == "sh" {
                blocks.append(Block(commands: body.split(separator: "\n").map(String.init)))
            } else if !blocks.isEmpty {
                blocks[blocks.count - 1].shown = body
                blocks[blocks.count - 1].isJSON = match.1 == "json"
            }
        }
        return blocks
    }

    /// Returns true for a command that builds the program, which is built, or needs packages that this machine lacks.
    private static func isLeftOut(_ command: String) throws -> Bool {
        if command.hasPrefix("tools/demo") || command.hasPrefix("tools/build") || command.hasPrefix("alias docket=") {
            return true
        }
        for program in ["hledger", "sqlite3"] where command.hasPrefix(program + " ") {
            let isInstalled = OtherProgram.isInstalled(program)
            if !isInstalled { print("left out: no \(program) (tools/install-packages --exports)") }
            return !isInstalled
        }
        guard command.hasPrefix("tools/python") else { return false }
        let python = try Docket(path: Docket.package + "/tools/python").run("-c", "import nacl")
        if python.status != 0 { print("left out: no Python with PyNaCl (tools/install-packages --python)") }
        return python.status != 0
    }

    private static let mark = "@@@"

    /// One script of all blocks, with a mark behind the output of each.
    private static func script(_ blocks: [Block]) throws -> String {
        var lines = [
            "set -euo pipefail", "shopt -s expand_aliases", "alias docket='\(Docket.binary.path)'",
            "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT",
        ]
        for block in blocks {
            for command in block.commands {
                if command.hasPrefix("docket serve") {
                    lines.append(command.replacing("&", with: ">ready &"))
                    lines.append("until grep -qs ready ready; do sleep 0.05; done; cat ready")
                } else if try !isLeftOut(command) {
                    lines.append(command)
                }
            }
            lines.append("echo '\(mark)'")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test(
        "its commands, run in order in a clean folder, print what it shows",
        arguments: ["README.md", "rules/README.md"])
    func inOrder(page: String) throws {
        let folder = try TemporaryDirectory("readme")
        for name in ["rules", "fixtures", "tools"] {
            try FileManager.default.copyItem(atPath: Docket.package + "/" + name, toPath: folder.file(name))
        }
        let blocks = try Self.blocks(of: page)
        #expect(blocks.count { $0.shown != nil } >= 6)
        try Self.script(blocks).write(toFile: folder.file("script"), atomically: true, encoding: .utf8)
        let result = try Docket(path: "/bin/bash").run(
            "-c", "exec bash ./script >out 2>&1", in: folder.path)
        let output = try String(contentsOfFile: folder.file("out"), encoding: .utf8)
        #expect(result.status == 0, "\(output.suffix(2000))")
        let printed = output.components(separatedBy: Self.mark + "\n")
        try #require(printed.count == blocks.count + 1, "\(output.suffix(2000))")
        for (block, text) in zip(blocks, printed) {
            guard let shown = block.shown, try !Self.isLeftOut(block.commands[0]) || !text.isEmpty else { continue }
            let isSame =
                block.isJSON
                ? Self.matches(try Self.json(shown), try Self.json(text))
                : Self.matches(Self.lines(shown)[...], Self.lines(text)[...])
            #expect(isSame, "\(block.commands.joined(separator: "\n"))\n\(page) shows\n\(shown)\nit prints\n\(text)")
        }
    }

    private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    /// Returns true if lines are those shown, where a line of `…` alone stands for any number of them.
    private static func matches(_ shown: ArraySlice<String>, _ lines: ArraySlice<String>) -> Bool {
        guard let first = shown.first else { return lines.isEmpty }
        if first == "…" {
            return (lines.startIndex...lines.endIndex).contains { matches(shown.dropFirst(), lines[$0...]) }
        }
        guard let line = lines.first, matches(first, line) else { return false }
        return matches(shown.dropFirst(), lines.dropFirst())
    }

    /// Returns true if a text is the one shown, where `…` stands for anything.
    private static func matches(_ shown: String, _ text: String) -> Bool {
        let parts = shown.components(separatedBy: "…")
        guard parts.count > 1 else { return shown == text }
        guard text.hasPrefix(parts[0]) else { return false }
        var rest = text.dropFirst(parts[0].count)
        for part in parts[1...].dropLast() where !part.isEmpty {
            guard let range = rest.range(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }

    private static func json(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }

    /// Returns true if a JSON value is the one shown, member for member.
    private static func matches(_ shown: Any, _ value: Any) -> Bool {
        switch (shown, value) {
        case (let shown as [String: Any], let value as [String: Any]):
            shown.count == value.count
                && shown.allSatisfy { name, shown in value[name].map { matches(shown, $0) } ?? false }
        case (let shown as [Any], let value as [Any]):
            shown.count == value.count && zip(shown, value).allSatisfy { matches($0, $1) }
        case (let shown as String, let value as String): matches(shown, value)
        case (let shown as NSNumber, let value as NSNumber): shown == value
        default: false
        }
    }
}
