import ArgumentParser

/// `docket-bench recommend`
struct BenchRecommend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend",
        abstract: "Measure how well and how fast recommendations are made.",
        discussion: """
            A history is generated with tastes planted in it, or read from a file, and folded in order of time. Just before \
            the last product that a user met, ten cards are asked for: it is a hit if that product is among them. The same \
            is counted for the ten most popular products and for ten at random.

            A file of interactions has lines `user,item,time` or `user,item,rating,time`, times in seconds, separated by \
            commas or tabs; one of items has lines `item,…,tag tag …`.

            Examples:
              docket-bench recommend --json
              docket-bench recommend --products 1000000 --users 100000 --asked 20000
              docket-bench recommend --interactions ratings.csv --items films.csv
            """)

    @Option(help: ArgumentHelp("Products of the generated history.", valueName: "n"))
    var products = 20_000

    @Option(help: ArgumentHelp("Users of the generated history.", valueName: "n"))
    var users = 5000

    @Option(help: ArgumentHelp("Products that each of them meets.", valueName: "n"))
    var meetings = 24

    @Option(help: ArgumentHelp("Percentage of them that follow the user's own taste.", valueName: "percent"))
    var taste = 70

    @Option(help: ArgumentHelp("Users who are asked about.", valueName: "n"))
    var asked = 5000

    @Flag(help: "Leave out the location of users.")
    var nowhere = false

    @Option(help: ArgumentHelp("The seed of the generated history.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Read the history from this file instead.", valueName: "file"), completion: .file())
    var interactions: String?

    @Option(help: ArgumentHelp("The tags of its items.", valueName: "file"), completion: .file())
    var items: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard products > 0, users > 0, meetings > 0, asked > 0, (0...100).contains(taste) else {
            throw ValidationError("counts are 1 or more, a taste is 0 to 100 percent")
        }
    }

    func run() throws {
        var bench = RecommendationBench(try history(), seed: seed)
        let measured = RecommendationMeasurement(bench.run())
        if output.json { try Console.json(measured) } else { print(measured.text) }
    }

    private func history() throws -> InteractionHistory {
        guard let interactions else {
            var plan = InteractionHistory.Plan()
            plan.products = products
            plan.users = users
            plan.meetings = meetings
            plan.tastePercent = taste
            plan.askEach = max(1, users / asked)
            plan.isLocal = !nowhere
            plan.seed = seed
            return .planted(plan)
        }
        let lines = try lines(of: interactions), tags = try items.map(lines(of:)) ?? []
        do throws(InteractionHistory.LineError) {
            return try .read(interactions: lines, items: tags)
        } catch {
            throw Failure.couldNotRun("\(interactions):\(error)")
        }
    }

    private func lines(of path: String) throws(Failure) -> [Substring] {
        try FileText.read(path).split(whereSeparator: \.isNewline)
    }
}
