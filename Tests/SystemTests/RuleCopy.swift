import Foundation
import TestSupport
import Testing

/// A copy of the package's rules that a test may change.
final class RuleCopy {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory("docket-rules")
        try FileManager.default.copyItem(atPath: Docket.rules, toPath: path)
    }

    /// A copy with one text replaced in one file.
    convenience init(replacing old: String, with new: String, in file: String) throws {
        try self.init()
        try replace(old, with: new, in: file)
    }

    /// The folder of rule files.
    var path: String { folder.file("rules") }

    func text(of file: String) throws -> String {
        try String(contentsOfFile: path + "/" + file, encoding: .utf8)
    }

    func write(_ text: String, to file: String) throws {
        try text.write(toFile: path + "/" + file, atomically: true, encoding: .utf8)
    }

    /// Removes files of tests, by name.
    func removeTests(_ isRemoved: (String) -> Bool) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path + "/tests") where isRemoved(name) {
            try FileManager.default.removeItem(atPath: path + "/tests/" + name)
        }
    }

    func replace(_ old: String, with new: String, in file: String) throws {
        let text = try text(of: file)
        try #require(text.contains(old))
        try text.replacingOccurrences(of: old, with: new)
            .write(toFile: path + "/" + file, atomically: true, encoding: .utf8)
    }
}
