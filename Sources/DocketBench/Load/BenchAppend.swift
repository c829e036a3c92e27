import ArgumentParser
import Glibc

/// `docket-bench append`
struct BenchAppend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Send load to a running service and measure what it takes.",
        discussion: """
            Sends wallet.payment.requested among 10,000 wallets, which it funds first. The requests are prepared before \
            the clock starts, and one thread sends them over all connections: client and service share the machine.

            Examples:
              docket-bench append --connections 32 --count 100000
              docket-bench append --batch 1000 --connections 4 --count 1000000
              docket-bench append --payments 200 --batch 10 --connections 2 --count 2000000
              docket-bench append --mix orders --batch 100 --connections 8 --count 100000
            """)

    @OptionGroup var service: SocketOptions

    @Option(help: ArgumentHelp("Connections, each with one request on its way.", valueName: "n"))
    var connections = 1

    @Option(help: ArgumentHelp("Events in one request.", valueName: "n"))
    var batch = 1

    @Option(help: ArgumentHelp("Transfers, or with --mix orders events, in all.", valueName: "n"))
    var count = 10_000

    @Option(help: ArgumentHelp("Send wallet.payments.requested of so many payments each, 1 to 200.", valueName: "n"))
    var payments: Int?

    @Option(help: "Events to send: payments or orders.")
    var mix = Load.Mix.payments

    @Option(help: ArgumentHelp("The seed of the random wallets and amounts.", valueName: "n"))
    var seed: UInt64 = 1

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard connections > 0, connections <= 10_000 else {
            throw ValidationError("`--connections` is from 1 to 10000")
        }
        guard (1...Load.batchMax).contains(batch) else {
            throw ValidationError("`--batch` is from 1 to \(Load.batchMax)")
        }
        guard count > 0 else { throw ValidationError("`--count` is at least 1") }
        if let payments, !(1...200).contains(payments) { throw ValidationError("`--payments` is from 1 to 200") }
        if payments != nil, mix == .orders { throw ValidationError("`--payments` goes with `--mix payments`") }
    }

    func run() throws {
        let client = SetUpClient(path: service.path)
        let market = Marketplace(client: client)
        try market.fundWallets()
        if mix == .orders { try market.openShop() }
        var load = Load(
            connections: connections, batch: batch, run: "\(time(nil))-\(getpid())", seed: seed)
        let streams =
            switch (mix, payments) {
            case (.orders, _): load.orders(count)
            case (.payments, let each?): load.bulkPayments(count, each: each)
            case (.payments, nil): load.payments(count)
            }
        try LoadRunner.measure(
            name, unit: mix == .orders ? "triggers" : "transfers", streams, with: client, json: output.json)
    }

    private var name: String {
        let what = payments.map { "\($0) payments an event" } ?? mix.rawValue
        return "append: \(what), \(batch) a request, \(connections) connections"
    }
}
