import ArgumentParser

/// `docket bench`
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure: load generators, made-up histories and the micro-benchmarks that tools/bench runs.",
        discussion: """
            With --json each prints one object a line: {name, count, seconds, perSecond, p50, p90, p99, max}, times in \
            milliseconds.

            Examples:
              docket bench append --socket data/docket.sock --connections 32 --count 100000
              docket bench append --socket data/docket.sock --batch 1000 --connections 4 --count 1000000
              docket bench users --users 10000
              docket bench generate --users 200 --days 60 --out month.ndjson
              docket bench verify --data data
            """,
        subcommands: [
            BenchAppend.self, BenchUsers.self, BenchGenerate.self, BenchVerify.self, BenchReplay.self, BenchCEL.self,
            BenchStore.self, BenchSHA256.self, BenchRecommend.self,
        ])
}
