import ArgumentParser
import Engine
import EventLog
import Service

/// `docket init`
struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a ledger: its data directory, signing key and rules.",
        discussion: """
            Prints the verifier key: keep it somewhere else too, it is what the log is verified with. Refuses a \
            directory that holds a ledger already. The clock is chosen for life: `system`, or `events`, where ledger time \
            is the latest `time` that an event carried.

            Examples:
              docket init --data ./data --origin example.com/ledger
              docket init --data ./history --origin example.com/history --clock events
            """)

    @OptionGroup var data: DataOptions

    @Option(help: ArgumentHelp("The log's name, such as example.com/ledger.", valueName: "name"))
    var origin: String

    @Option(help: ArgumentHelp("The folder of rule files.", valueName: "dir"), completion: .directory)
    var rules = "./rules"

    @Option(help: "Where ledger time comes from.")
    var clock = LedgerSettings.Clock.system

    @Option(
        help: ArgumentHelp("A signing key to take, instead of making one.", valueName: "file"), completion: .file())
    var key: String?

    @Option(
        help: ArgumentHelp("Derives persons' keys from this seed: for fixtures and tests only.", valueName: "file"),
        completion: .file())
    var personSeed: String?

    @Option(
        help: ArgumentHelp("Seals the signing key with the passphrase on this file's first line.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    @Option(
        help: ArgumentHelp(
            "The most that the log may grow to; `serve` keeps to it. (default: 1 TiB)", valueName: "bytes"))
    var mapSize: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws { try MapSize.validate(mapSize) }

    func run() throws {
        var options = LedgerCreation.Options(origin: origin, rules: rules)
        options.clock = clock
        options.key = key
        options.personSeed = personSeed
        options.passphrase = try PassphraseFile.read(passphraseFile)
        options.mapBytes = mapSize
        let verifierKey: String
        do { verifierKey = try LedgerCreation.create(data.directory, options) } catch {
            throw Failure(.couldNotRun, page: "\(error)")
        }
        if output.json {
            struct Made: Encodable { let data: String, origin: String, verifierKey: String }
            try Console.json(Made(data: data.data, origin: origin, verifierKey: verifierKey))
        } else {
            Console.line(verifierKey)
        }
    }
}

extension LedgerSettings.Clock: ExpressibleByArgument {}

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
