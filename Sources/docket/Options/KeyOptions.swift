import ArgumentParser

/// The log's public key, which the verifier must have from somewhere it trusts.
struct KeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The log's verifier key, or a file that holds it. A key found in the data is never trusted.",
            valueName: "vkey"))
    var key: String

    func read() throws(Failure) -> String { try FileText.key(key) }
}
