package import Audit
package import Engine
import EventLog
import Glibc
import ServiceLifecycle
import Synchronization
import UnixSignals

/// `docket follow`: a copy of a ledger's log that is kept up to date, and served.
///
/// A thread runs a `Mirror`'s rounds (`MirrorFollower`); the server reads the copy beside it. What ends the rounds ends
/// the service too. Evidence lies in `evidence/` of the data directory, and while a fork's is there nothing is copied.
package final class MirrorService: Sendable {
    package struct Options: Sendable {
        /// The address of the ledger's service, or of a tlog-tiles directory.
        package let url: String
        package let data: DataDirectory
        /// The log's verifier key.
        package let key: String
        package var demand: WitnessDemand?
        /// The address to serve at; nil serves nobody.
        package var address: ListenAddress?
        /// Ends after the first round that came to something.
        package var isOnce = false
        package var recomputes = true

        package init(url: String, data: DataDirectory, key: String) {
            self.url = url
            self.data = data
            self.key = key
        }
    }

    /// The reason why the rounds ended.
    package enum Ending: Sendable {
        /// Told to stop, or caught up where it was to run once; the number of entries of the copy.
        case done(size: UInt64, derived: UInt64)
        /// The log is not what was signed before, or not by its rules; where evidence of it is kept.
        case found(Mirror.Finding, evidence: String?)
        /// It could not go on.
        case failed(String)
    }

    private let follower: MirrorFollower
    private let server: HTTPServer?
    private let calls: MirrorCalls
    private let signal: CommitSignal

    /// Opens the copy, or makes it; nothing is asked for yet.
    /// - Throws: where the address, the key or the directory cannot be used.
    package init(_ options: Options) throws(ServiceError) {
        let source = try HTTPMirrorSource(options.url)
        let log: EventLog
        do {
            log = try MirrorDirectory.open(options.data, key: options.key)
            let reader = LogReader(
                log: try EventLog.openReader(directory: options.data.log),
                pool: ReadPool("reads", threads: 4, waitingMax: ServiceLimits.readsWaitingMax))
            let signal = CommitSignal { reader.size }
            self.signal = signal
            calls = MirrorCalls(
                log: LogCalls(
                    reader: reader, signal: signal,
                    cosignatures: CosignatureStore(folder: options.data.state, log: log)),
                originHash: EntryChain.digest(Array(log.origin.utf8)))
        } catch let error as ServiceError {
            throw error
        } catch {
            throw ServiceError("\(error)")
        }
        follower = MirrorFollower(log, source, options)
        server = try options.address.map { address throws(ServiceError) in
            try HTTPServer(address, memory: MemoryBudget(bytesMax: MemoryDefault.bytes))
        }
    }

    /// Copies, and serves, until SIGTERM or SIGINT, or until the rounds end.
    /// - Parameters:
    ///   - ready: called with the address once clients can connect.
    ///   - grown: called after each round that added entries, with their number in the copy.
    /// - Throws: where the address cannot be bound.
    package func run(
        ready: @escaping @Sendable (ListenAddress) -> Void, grown: @escaping @Sendable (UInt64) -> Void
    ) async throws(ServiceError) -> Ending {
        guard let server else {
            let watch = Task { [follower] in
                for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { follower.stop() }
            }
            defer { watch.cancel() }
            return await follower.run(grown: grown)
        }
        let rounds = Task { [follower] in
            let ending = await follower.run(grown: grown)
            await server.stop()
            return ending
        }
        var problem: ServiceError?
        do throws(ServiceError) {
            try await server.run(calls, handlesSignals: true, beside: [MirrorEnd(signal: signal)], ready: ready)
        } catch {
            problem = error
        }
        follower.stop()
        let ending = await rounds.value
        if let problem { throw problem }
        return ending
    }
}

/// Ends followed streams when the mirror is told to stop.
private struct MirrorEnd: Service {
    let signal: CommitSignal

    func run() async throws {
        try? await gracefulShutdown()
        signal.stop()
    }
}

/// The data directory of a copy: `log/` as any ledger's, no key, and no `init.json`, so that nothing takes it for a
/// ledger of its own.
enum MirrorDirectory {
    static func open(_ data: DataDirectory, key: String) throws -> EventLog {
        try ServiceFiles.makeDirectory(data.path)
        try ServiceFiles.requirePrivate(data.path)
        guard !ServiceFiles.exists(data.path + "/init.json"), !ServiceFiles.exists(data.signingKey) else {
            throw ServiceError("`\(data.path)` holds a ledger of its own: name another directory with `--data`")
        }
        do throws(EventLogError) {
            try EventLog.createCopy(directory: data.log, key: key)
        } catch {
            guard case .alreadyExists = error else { throw error }
        }
        let log = try EventLog.openCopy(directory: data.log)
        guard "\(log.verifierKey)" == key else {
            throw ServiceError("`\(data.path)` is a copy of the log with the key `\(log.verifierKey)`")
        }
        return log
    }
}

/// A tlog-tiles directory behind HTTP: of a service on its socket, or at an address.
private final class HTTPMirrorSource: MirrorSource {
    private let caller: HTTPCaller

    init(_ url: String) throws(ServiceError) {
        caller = HTTPCaller(try CalledAddress(url, socketPrefix: "/v1/tlog"))
    }

    func read(_ path: String, bytesMax: Int) throws(MirrorTrouble) -> [UInt8]? {
        let limits = HTTPCaller.Limits(bytesMax: bytesMax, idleSeconds: 20, totalSeconds: 60)
        let answer: HTTPCaller.Answer
        do throws(HTTPCaller.Failure) { answer = try caller.send("GET", "/" + path, limits: limits) } catch {
            throw MirrorTrouble("`\(path)`: \(error)")
        }
        switch answer.status {
        case 200: return answer.body
        case 404, 410: return nil
        default: throw MirrorTrouble("`\(path)`: it answered \(answer.status)")
        }
    }
}

/// Thread of a mirror's rounds.
final class MirrorFollower: @unchecked Sendable {
    private static let pauseMilliseconds = 500
    /// Pauses after rounds that came to nothing grow up to this.
    private static let pauseMillisecondsMax = 30_000

    private let log: EventLog
    private let source: any MirrorSource
    private let options: MirrorService.Options
    private let isStopping = Atomic(false)

    init(_ log: EventLog, _ source: any MirrorSource, _ options: MirrorService.Options) {
        self.log = log
        self.source = source
        self.options = options
    }

    func stop() { isStopping.store(true, ordering: .relaxed) }

    private var isTold: Bool { isStopping.load(ordering: .relaxed) }

    /// Runs rounds on a thread of their own until they end. Called once.
    func run(grown: @escaping @Sendable (UInt64) -> Void) async -> MirrorService.Ending {
        await withCheckedContinuation { continuation in
            Threads.detach { continuation.resume(returning: self.work(grown)) }
        }
    }

    private func work(_ grown: (UInt64) -> Void) -> MirrorService.Ending {
        let evidence = MirrorEvidence(folder: options.data.path + "/evidence")
        if let kept = evidence.fork {
            return .failed("evidence of a fork is in `\(kept)`: as long as it is there nothing is copied")
        }
        let mirror = Mirror(
            log, from: source, state: options.data.state, demand: options.demand, recomputes: options.recomputes,
            isAbandoned: { [self] in isTold })
        var pause = Self.pauseMilliseconds
        var said: String?
        var isCaughtUp = false
        while !isTold {
            do {
                if case .grown(let size) = try mirror.round() { grown(size) }
                if said != nil { Notice.say("follow: it answers again") }
                (pause, said, isCaughtUp) = (Self.pauseMilliseconds, nil, true)
                if options.isOnce { break }
            } catch let trouble as MirrorTrouble {
                if isTold { break }
                if options.isOnce { return .failed("\(options.url): \(trouble)") }
                if said != trouble.description { Notice.say("follow: \(trouble)") }
                said = trouble.description
                pause = min(2 * pause, Self.pauseMillisecondsMax)
            } catch let finding as Mirror.Finding {
                return .found(finding, evidence: evidence.keep(finding))
            } catch {
                guard isTold else { return .failed("\(error)") }
            }
            rest(pause)
        }
        guard isCaughtUp || !options.isOnce else { return .failed("told to stop before it was through") }
        return .done(size: log.size, derived: mirror.derived)
    }

    private func rest(_ milliseconds: Int) {
        var left = milliseconds
        while left > 0, !isTold {
            usleep(useconds_t(min(left, 50) * 1000))
            left -= 50
        }
    }
}

/// The evidence that a mirror keeps.
struct MirrorEvidence {
    let folder: String

    /// The file of a fork's evidence; nil if there is none.
    var fork: String? {
        let file = folder + "/fork"
        return ServiceFiles.exists(file) ? file : nil
    }

    /// Keeps the evidence of a finding, synced.
    /// - Returns: the file; nil where there is nothing beside the copy itself, or it could not be kept, which is said.
    func keep(_ finding: Mirror.Finding) -> String? {
        let (name, bytes): (String, [UInt8]) =
            switch finding {
            case .fork(let evidence): ("fork", evidence.bytes + [UInt8(ascii: "\n")])
            case .stale(let size, _, let note): ("stale-\(size)", note)
            case .differs(let result): ("recompute", Array((result.json + "\n").utf8))
            case .bad(let sequence, let what): ("entry-\(sequence)", Array((what + "\n").utf8))
            }
        do throws(ServiceError) {
            try ServiceFiles.makeDirectory(folder)
            try ServiceFiles.write(bytes, to: folder + "/" + name)
            return folder + "/" + name
        } catch {
            Notice.say("follow: the evidence could not be kept: \(error)")
            return nil
        }
    }
}
