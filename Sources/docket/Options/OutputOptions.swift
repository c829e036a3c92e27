import ArgumentParser

/// How results are printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON: one value, or one a line.")
    var json = false
}
