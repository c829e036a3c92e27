import ArgumentParser
import Audit
import CommandKit
import Engine
import Service

/// `docket follow`
struct Follow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a ledger's log as it grows, check everything, and serve the copy.",
        discussion: """
            URL is the socket of a ledger's service (a path with a `/`), or a C2SP tlog-tiles directory on this machine, \
            `http://127.0.0.1:PORT/PREFIX`. Nothing that it answers is trusted: each checkpoint must be one that the key \
            signed and continue the one copied last, the entries must give its root, and every decision is derived again. \
            DATA becomes a data directory without a key, which `verify`, `recompute`, `show` and other verbs read.

            Stops with FORK (exit 1) where the operator signed two histories, with STALE (3) where an older checkpoint is \
            offered than was copied, with FAIL (1) where the rules do not give what is recorded. What proves it lies in \
            DATA/evidence; `docket check` reads that of a fork. Where nothing usable is answered it asks again later; \
            with --once that is exit 2.

            --serve gives the copy to others, on a socket or at an address of this machine: as a C2SP tlog-tiles \
            directory, and with the calls of a ledger that read the log.

            Examples:
              docket follow /run/docket.sock --data ./copy --key ledger.vkey --once
              docket follow http://127.0.0.1:8080/ledger --data ./copy --key ledger.vkey --serve 127.0.0.1:8081
              docket follow /run/docket.sock --data ./copy --key ledger.vkey --policy witnesses.policy
            """)

    @Argument(help: "The socket or address to copy from.")
    var url: String

    @Option(
        help: ArgumentHelp("The copy's data directory; made if it is not there.", valueName: "dir"),
        completion: .directory)
    var data: String

    @OptionGroup var key: KeyOptions

    @Option(help: ArgumentHelp("The socket or `HOST:PORT` of this machine to serve the copy at.", valueName: "address"))
    var serve: String?

    @Flag(help: "Ends once the copy has what the newest checkpoint covers.")
    var once = false

    @Flag(
        inversion: .prefixedNo,
        help: "Derive every decision again; holds a copy of the ledger's state in memory.")
    var recompute = true

    @OptionGroup var demand: DemandOptions
    @OptionGroup var output: OutputOptions

    private struct Shown: Encodable {
        let derived: UInt64?, entries: UInt64?, evidence: String?, verdict: String, what: String?
    }

    func validate() throws {
        guard serve == nil || !once else { throw ValidationError("`--once` ends before anybody could be served") }
    }

    func run() async throws {
        let key = try key.read(), isJSON = output.json
        let ending: MirrorService.Ending
        do throws(ServiceError) {
            var options = MirrorService.Options(url: url, data: DataDirectory(data), key: key)
            options.demand = try readDemand(key)
            if let serve { options.address = try ListenAddress(serve) }
            options.isOnce = once
            options.recomputes = recompute
            ending = try await MirrorService(options).run { address in
                if isJSON {
                    struct Ready: Encodable { let address: String, ready: Bool }
                    try? Console.json(Ready(address: "\(address)", ready: true))
                } else {
                    Console.line("docket follow: ready on \(address)")
                }
                Console.flush()
            } grown: { size in
                Console.message("\(Text.grouped(size)) entries")
            }
        } catch {
            throw Failure(.couldNotRun, page: "\(error)")
        }
        try end(ending)
    }

    private func readDemand(_ key: String) throws(ServiceError) -> WitnessDemand? {
        do throws(Failure) { return try demand.read(log: key) } catch { throw ServiceError(error.message) }
    }

    private func end(_ ending: MirrorService.Ending) throws {
        switch ending {
        case .failed(let why): throw Failure(.couldNotRun, page: why)
        case .done(let size, let derived):
            if output.json {
                try Console.json(Shown(derived: derived, entries: size, evidence: nil, verdict: "OK", what: nil))
            } else {
                let again = recompute ? ", \(Text.grouped(derived)) derived again" : ""
                Console.line("OK: \(Text.grouped(size)) entries copied\(again)")
            }
        case .found(let finding, let evidence):
            let (verdict, status): (String, ExitStatus) =
                switch finding {
                case .fork: ("FORK", .refused)
                case .stale: ("STALE", .stale)
                case .bad, .differs: ("FAIL", .refused)
                }
            if output.json {
                try Console.json(
                    Shown(derived: nil, entries: nil, evidence: evidence, verdict: verdict, what: finding.description))
            } else {
                Console.line("\(verdict): \(finding)")
                if let evidence { Console.line("  evidence: \(evidence)") }
                if case .differs(let result) = finding { Console.page(result.text) }
            }
            throw ExitCode(status.rawValue)
        }
    }
}
