import FoundationEssentials

/// Small files named on the command line.
enum FileText {
    /// Reads a whole file, or stdin for `-`.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        do {
            let file = path == "-" ? "/dev/stdin" : path
            return Array(try Data(contentsOf: URL(filePath: file)))
        } catch {
            throw Failure(.couldNotRun, "cannot read `\(path)`")
        }
    }

    /// Writes a whole file, or stdout for `-`.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        if path == "-" { return Console.text(String(decoding: bytes, as: UTF8.self)) }
        do { try Data(bytes).write(to: URL(filePath: path), options: .atomic) } catch {
            throw Failure(.couldNotRun, "cannot write `\(path)`")
        }
    }

    /// A key given as text, or as the name of a file that holds it on its first line.
    static func key(_ option: String) throws(Failure) -> String {
        guard !option.contains("+"), FileManager.default.fileExists(atPath: option) else { return option }
        let text = String(decoding: try read(option), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
