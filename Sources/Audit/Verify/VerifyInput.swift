import Glibc

/// What is to be verified.
package enum VerifyInput: Hashable, Sendable {
    /// A log's environment.
    case log(directory: String)
    /// An NDJSON export, with its checkpoint in another place than beside it.
    case export(path: String, checkpoint: String?)
    /// A tlog-tiles directory.
    case tiles(directory: String)

    /// What a path is: a data directory or its `log`, a tlog-tiles directory, else an export.
    package static func detect(_ path: String) throws(VerifyError) -> VerifyInput {
        func exists(_ name: String) -> Bool { unsafe access(path + name, F_OK) == 0 }
        guard exists("") else { throw .file(operation: "open", path: path, code: errno) }
        if exists("/log/data.mdb") { return .log(directory: path + "/log") }
        if errno == EACCES { throw .file(operation: "open", path: path + "/log/data.mdb", code: EACCES) }
        if exists("/data.mdb") { return .log(directory: path) }
        if exists("/checkpoint") && exists("/tile") { return .tiles(directory: path) }
        if exists("/.") { throw .notALog(path: path, why: "neither a data directory nor a tlog-tiles directory") }
        return .export(path: path, checkpoint: nil)
    }

    func source() throws(VerifyError) -> any VerifySource {
        switch self {
        case .log(let directory): try VerifyLogSource(directory: directory)
        case .export(let path, let checkpoint): try VerifyExportSource(path: path, checkpoint: checkpoint)
        case .tiles(let directory): try VerifyTilesSource(directory: directory)
        }
    }
}
