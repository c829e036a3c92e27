import ArgumentParser
import Engine
import EventLog

/// `docket key`
struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the ledger's public key.", discussion: "Example: docket key show --data ./data > ledger.vkey",
        subcommands: [KeyShow.self], defaultSubcommand: KeyShow.self)
}

/// `docket key show`
struct KeyShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the verifier key alone.",
        discussion: """
            The key is read from the data, so it is for handing on, not for trusting: compare it with what `init` printed.

            Example: docket key show --data ./data > ledger.vkey
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let initial = try data.directory.readInitial()
        if output.json {
            struct Shown: Encodable { let origin: String, verifierKey: String }
            try Console.json(Shown(origin: initial.settings.origin, verifierKey: initial.settings.verifierKey))
        } else {
            Console.line(initial.settings.verifierKey)
        }
    }
}
