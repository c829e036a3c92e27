import ArgumentParser
import Engine
import FoundationEssentials

/// Which ledger.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The ledger's data directory.", valueName: "dir"), completion: .directory)
    var data = "./data"

    var directory: DataDirectory { DataDirectory(data) }
}

/// Which running service.
struct SocketOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The service's Unix socket. (default: DATA/docket.sock)", valueName: "path"))
    var socket: String?

    @OptionGroup var data: DataOptions

    var path: String { socket ?? data.directory.socket }
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON: one value, or one a line.")
    var json = false
}

/// Small files named on the command line.
enum FileText {
    static func read(_ path: String) throws(Failure) -> String {
        do { return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self) } catch {
            throw .couldNotRun("cannot read `\(path)`")
        }
    }
}
