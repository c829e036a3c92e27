import ArgumentParser
import Engine

/// Which running service.
struct SocketOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The service's Unix socket. (default: DATA/docket.sock)", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("The ledger's data directory.", valueName: "dir"), completion: .directory)
    var data = "./data"

    var path: String { socket ?? DataDirectory(data).socket }
}
