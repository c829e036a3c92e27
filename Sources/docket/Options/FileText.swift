import Engine
import Glibc

/// Small files named on the command line.
enum FileText {
    private static let mode: mode_t = 0o644

    /// Reads a whole file, or stdin for `-`.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        do throws(DataDirectoryError) {
            return try Files.read(path == "-" ? "/dev/stdin" : path)
        } catch {
            throw Failure(.couldNotRun, error.description)
        }
    }

    /// Writes a whole file, or stdout for `-`.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        if path == "-" { return Console.file(bytes) }
        do throws(DataDirectoryError) { try Files.write(bytes, to: path, mode: mode) } catch {
            throw Failure(.couldNotRun, error.description)
        }
    }

    /// A key given as text, or as the name of a file that holds it on its first line.
    static func key(_ option: String) throws(Failure) -> String {
        if option.contains("+") { return option }
        guard access(option, F_OK) == 0 else {
            throw Failure(
                .couldNotRun, "`\(option)` is neither a verifier key (name+hash+base64) nor a file that holds one")
        }
        let text = String(decoding: try read(option), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
