import TestSupport
import Testing

@Suite("Help and wrong usage", .ownThreads)
struct UsageTests {
    static let verbs = [
        "init", "serve", "append", "run", "log", "show", "accounts", "transfers", "verify", "receipt", "dispute",
        "check",
        "checkpoint", "consistency",
        "export", "types",
        "replay", "explain", "rules", "cel", "rules check", "rules test", "rules show", "rules diff",
        "rules activate", "rules schedule", "rules schedule list", "rules schedule show", "rules schedule cancel",
        "rules schema", "rules shadow", "simulate",
        "key show", "witness", "witness key", "witness serve", "witness cosign", "follow",
    ]
    static let benchVerbs = [
        "append", "users", "generate", "verify", "replay", "cel", "store", "sha256", "recommend",
    ]

    @Test("every verb explains itself with an example", arguments: verbs)
    func help(verb: String) throws {
        let result = try Docket.binary.run(verb.split(separator: " ").map(String.init) + ["--help"])
        #expect(result.status == 0)
        #expect(result.output.contains("USAGE: docket \(verb)"))
        #expect(result.output.contains("Example"))
        #expect(result.messages.isEmpty)
    }

    @Test("every benchmark explains itself with an example", arguments: benchVerbs)
    func benchHelp(verb: String) throws {
        let result = try Docket.bench.run(verb, "--help")
        #expect(result.status == 0 && result.messages.isEmpty)
        #expect(result.output.contains("USAGE: docket-bench \(verb)"))
        #expect(result.output.contains("Example"))
    }

    @Test(
        "wrong usage of a benchmark ends with 2 and says why on stderr",
        arguments: [
            ["nonsense"], ["append", "--payments", "201"], ["append", "--batch", "0"], ["verify"],
            ["recommend", "--interactions", "/nowhere"], ["append", "--socket", "/nowhere"],
        ])
    func wrongBench(arguments: [String]) throws {
        let result = try Docket.bench.run(arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty && !result.messages.isEmpty)
    }

    @Test("the list of verbs names each of them")
    func list() throws {
        let result = try Docket.binary.run("--help")
        for verb in Self.verbs where !verb.contains(" ") { #expect(result.output.contains("  \(verb) "), "\(verb)") }
        let benches = try Docket.bench.run("--help")
        for verb in Self.benchVerbs { #expect(benches.output.contains("  \(verb) "), "\(verb)") }
    }

    @Test(
        "wrong usage ends with 2 and says why on stderr",
        arguments: [
            ["nonsense"], ["init"], ["append"], ["append", "--batch", "0", "x"], ["append", "--batch", "many", "x"],
            ["append", "--atomic", "--batch", "5", "x"], ["explain"], ["explain", "last"], ["check", "x"],
            ["export"], ["init", "--origin", "x.example/l", "--clock", "sundial"],
            ["bench", "append"],
            ["log", "--limit", "few"], ["receipt", "-1"],
        ])
    func wrongUsage(arguments: [String]) throws {
        let result = try Docket.binary.run(arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(!result.messages.isEmpty)
    }

    @Test(
        "a verb that does not exist is said with the nearest, before any option is looked at",
        arguments: [
            (["verfy", "--key", "x"], "`verfy`, did you mean `verify`?"), (["logs"], "`logs`, did you mean `log`?"),
            (["explian", "5", "--data", "x"], "`explian`, did you mean `explain`?"), (["hlep"], "did you mean `help`?"),
            (["rules", "chek", "--watch"], "`rules chek`, did you mean `rules check`?"),
            (["help", "verfy"], "did you mean `verify`?"), (["key", "shwo", "--json"], "did you mean `key show`?"),
            (["forecast", "--help"], "`forecast`: `docket --help` lists them"),
            (["rules", "contemplate"], "`rules contemplate`: `docket rules --help` lists them"),
        ])
    func unknownVerb(arguments: [String], expected: String) throws {
        let result = try Docket.binary.run(arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.messages.hasPrefix("docket: unknown command `"), "\(result.messages)")
        #expect(result.messages.contains(expected), "\(result.messages)")
    }

    @Test("help VERB is VERB --help")
    func helpVerb() throws {
        for verb in [["verify"], ["rules", "check"]] {
            let help = try Docket.binary.run(["help"] + verb)
            #expect(help.status == 0)
            #expect(try help.output == Docket.binary.run(verb + ["--help"]).output)
        }
    }

    @Test(
        "messages of what everyone meets once say what to do",
        arguments: [
            (["log", "--data", "no/such"], "make one with `docket init`"),
            (["serve", "--data", "no/such"], "make one with `docket init`"),
            (["append", "-", "--data", "no/such"], "is `docket serve` running?"),
            (
                [
                    "verify", "no/such", "--key",
                    "example.com/ledger+a908c24f+AU/3NWe9jDNLln3xyUlz/lYIwuoTysfJnoe9H+b8GFvu",
                ],
                "No such file"
            ),
            (["verify", "--key", "no.vkey"], "neither a verifier key (name+hash+base64) nor a file"),
            (["cel", "1", "--bindings", "no/such"], "cannot read `no/such`: No such file"),
            (["receipt", "0", "-o", "no/such", "--data", "no/such"], "`docket init`"),
        ])
    func advice(arguments: [String], expected: String) throws {
        let result = try Docket.binary.run(arguments, input: #"{"x":1}"#)
        #expect(result.status == 2)
        #expect(result.messages.contains(expected), "\(result.messages)")
    }

    @Test("verify without a key is wrong usage: a key found in the data is never trusted")
    func verifyWithoutKey() throws {
        let ledger = try KnownHistory.ledger()
        let result = try ledger.run("verify")
        #expect(result.status == 2)
        #expect(result.messages.contains("--key"))
    }

    @Test("shells get completion scripts", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        let result = try Docket.binary.run("--generate-completion-script", shell)
        #expect(result.status == 0)
        #expect(result.output.contains("explain"))
    }
}
