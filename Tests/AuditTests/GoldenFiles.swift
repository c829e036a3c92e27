import Foundation
import Testing

/// The files that texts are compared with, in `Golden`. `tools/golden` writes them anew.
enum GoldenFiles {
    private static let place = "Tests/AuditTests/Golden"
    private static let folder = ScratchLedger.repository + "/" + place
    private static let isRenewing = ProcessInfo.processInfo.environment["DOCKET_GOLDEN"] == "renew"

    /// Compares a text with its file byte by byte; while renewing, writes the file and prints its name if that changes it.
    static func check(_ text: String, _ name: String) throws {
        let now = Array(text.utf8)
        let golden = FileManager.default.contents(atPath: folder + "/" + name).map { [UInt8]($0) }
        if isRenewing {
            guard golden != now else { return }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(now).write(to: URL(fileURLWithPath: folder + "/" + name))
            print("golden: \(golden == nil ? "new" : "changed") \(place)/\(name)")
        } else if let golden {
            guard let line = firstDifference(golden, now) else { return }
            Issue.record("\(place)/\(name) \(line)\nwhere that is meant, run tools/golden")
        } else {
            Issue.record("\(place)/\(name) is missing: run tools/golden, which writes it")
        }
    }

    /// Looks for files that no text is compared with; while renewing, removes them and prints their names.
    static func checkNames(_ names: Set<String>) throws {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in found.sorted() where !names.contains(name) {
            if isRenewing {
                try FileManager.default.removeItem(atPath: folder + "/" + name)
                print("golden: removed \(place)/\(name)")
            } else {
                Issue.record("nothing is compared with \(place)/\(name): run tools/golden, which removes it")
            }
        }
    }

    /// The first line in which two texts differ; nil for the same bytes.
    private static func firstDifference(_ golden: [UInt8], _ now: [UInt8]) -> String? {
        guard golden != now else { return nil }
        let (old, new) = (lines(golden), lines(now))
        let index = zip(old, new).prefix { $0 == $1 }.count
        func line(_ lines: [[UInt8]]) -> String {
            index < lines.count ? String(decoding: lines[index], as: UTF8.self) : "(its end)"
        }
        return "differs in line \(index + 1)\n  golden: \(line(old))\n  now:    \(line(new))"
    }

    private static func lines(_ text: [UInt8]) -> [[UInt8]] {
        text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
    }

    /// Canonical JSON with each member on a line of its own, so that a change can be read.
    static func indented(_ json: [UInt8]) -> String {
        let (open, close) = (Array("{[".utf8), Array("}]".utf8))
        var text: [UInt8] = []
        var depth = 0
        var isInString = false
        var isEscaped = false
        func breakLine() {
            text.append(UInt8(ascii: "\n"))
            text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
        }
        for byte in json {
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                text.append(byte)
                continue
            }
            let isFirst = text.last.map { open.contains($0) } ?? false
            if close.contains(byte) { depth -= 1 }
            // Nothing stands between the brackets of what is empty.
            if isFirst != close.contains(byte) { breakLine() }
            text.append(byte)
            if open.contains(byte) { depth += 1 }
            if byte == UInt8(ascii: ",") { breakLine() }
            if byte == UInt8(ascii: ":") { text.append(UInt8(ascii: " ")) }
            isInString = byte == UInt8(ascii: "\"")
        }
        return String(decoding: text, as: UTF8.self) + "\n"
    }
}
