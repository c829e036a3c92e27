import ArgumentParser
import Engine

/// Which ledger.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The ledger's data directory.", valueName: "dir"), completion: .directory)
    var data = "./data"

    var directory: DataDirectory { DataDirectory(data) }
}
