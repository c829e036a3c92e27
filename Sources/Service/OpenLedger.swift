package import Engine
import EventLog
import JSON
import NIOCore
import Synchronization

/// A ledger opened for writing by this process, with everything that serves its clients.
final class OpenLedger: Sendable {
    let sequencer: Sequencer
    let keys: PersonKeys
    let reader: LogReader
    let records: RecordReader
    let explanations: ExplanationReader
    let signal: CommitSignal
    let appender: EventAppender
    /// Nil where decisions are not derived again in the background.
    let recomputation: RecomputeWatch?
    let shadow = Shadow()
    let calls: LogCalls
    /// Nil where no witnesses are asked.
    private let witnesses: WitnessWatch?
    let simulations = Simulations()

    init(_ options: LedgerOptions) throws(ServiceError) {
        do {
            let directory = options.data
            _ = try directory.readInitial()
            try ServiceFiles.requirePrivate(directory.path)
            let key = try KeyFile(path: directory.signingKey).open(passphrase: options.passphrase)
            let signer = try key.signer()
            // 0 keeps the size that the log was created with, or last enlarged to.
            let open = { () throws(EventLogError) -> EventLog in
                try EventLog.openWriter(directory: directory.log, signer: signer, mapSize: options.mapBytes ?? 0)
            }
            let log = try open()
            let keys = try PersonKeys(directory: directory.keys, ledgerKey: key.key(for: PersonKeys.purpose))
            let ledger = try Ledger(
                directory, log: log, secret: ViewSecret(key.key(for: ViewSecret.purpose)), sealing: keys, reopen: open)
            self.keys = keys
            reader = LogReader(
                log: try EventLog.openReader(directory: directory.log),
                pool: ReadPool("reads", threads: 4, waitingMax: ServiceLimits.readsWaitingMax))
            sequencer = Sequencer(ledger, clock: options.clock, clockJumpMax: options.clockJumpMax)
        } catch let error as ServiceError {
            throw error
        } catch {
            throw ServiceError("\(error)")
        }
        let reader = reader
        signal = CommitSignal { reader.size }
        let history = ReadPool("history", threads: 1, waitingMax: ServiceLimits.historiesWaitingMax)
        records = RecordReader(sequencer: sequencer, reader: reader, history: history)
        explanations = ExplanationReader(reader: reader, history: history)
        appender = EventAppender(sequencer: sequencer, keys: keys, signal: signal) { reader.checkpoint }
        recomputation = options.recomputes ? RecomputeWatch(reader.log) : nil
        calls = LogCalls(
            reader: reader, signal: signal,
            cosignatures: CosignatureStore(folder: options.data.state, log: reader.log))
        witnesses = try options.witnesses.map { policy throws(ServiceError) in
            try WitnessWatch(policy: policy, log: reader.log, state: options.data.state)
        }
        recomputation?.start()
        witnesses?.start()
    }

    /// Permissions of a principal, from the policy or from the roles that the ledger itself has registered for it.
    func access(of principal: String) async -> Access {
        let ingress = sequencer.ingress
        guard principal != LocalLedger.localPrincipal else { return ingress.access(of: principal) }
        let registered = await sequencer.read { $0.registeredRoles(of: principal) }
        return ingress.access(of: principal, registered: registered)
    }

    /// Reply to `/readyz`: 200 while the sequencer answers, the log can be written and the clock is accepted, otherwise
    /// 503.
    func readiness() async -> Reply {
        let isRunning = await withCheckedContinuation { continuation in
            let once = Once(continuation)
            Task {
                _ = await sequencer.read { _ in true }
                once.resume(true)
            }
            Task {
                try? await Task.sleep(for: .milliseconds(ServiceLimits.readinessMilliseconds))
                once.resume(false)
            }
        }
        if let reason = sequencer.logTrouble.reason {
            return ProblemReply(Problem(.unavailable, reason, retryAfter: 1)).reply
        }
        guard isRunning, !signal.isStopping else {
            return ProblemReply(Problem(.unavailable, "the service is not ready", retryAfter: 1)).reply
        }
        if let problem = sequencer.clockProblem { return ProblemReply(problem).reply }
        return .json(readinessJSON)
    }

    /// `{entries, recompute, status}`; `recompute` is null where nothing is derived again.
    private var readinessJSON: [UInt8] {
        let size = reader.size
        var writer = CanonicalWriter(capacity: 256)
        writer.beginObject()
        writer.key("entries")
        writer.int(Int64(clamping: size))
        writer.key("recompute")
        if let status = recomputation?.status { status.write(to: &writer, size: size) } else { writer.null() }
        writer.key("status")
        writer.string("ready")
        writer.endObject()
        return writer.bytes
    }

    /// Finishes the work already submitted and closes; the writer's lock is released with the last reference.
    func stop() {
        signal.stop()
        recomputation?.stop()
        witnesses?.stop()
        shadow.replace(with: nil)
        simulations.stop()
        sequencer.stop()
    }
}

extension RecomputeWatch.Status {
    /// `{differences, entries, failure, firstDifference, lag}`; `lag` is the number of entries still to be derived.
    fileprivate func write(to writer: inout CanonicalWriter, size: UInt64) {
        writer.beginObject()
        writer.key("differences")
        writer.int(Int64(differences))
        writer.key("entries")
        writer.int(Int64(clamping: entries))
        writer.key("failure")
        if let failure { writer.string(failure) } else { writer.null() }
        writer.key("firstDifference")
        if let firstDifference { writer.int(Int64(clamping: firstDifference)) } else { writer.null() }
        writer.key("lag")
        writer.int(Int64(clamping: size - min(size, entries)))
        writer.endObject()
    }
}

/// A continuation that the first of several answers resumes; the later ones are ignored.
private final class Once: Sendable {
    private let continuation: Mutex<CheckedContinuation<Bool, Never>?>

    init(_ continuation: CheckedContinuation<Bool, Never>) { self.continuation = Mutex(continuation) }

    func resume(_ value: Bool) {
        let first = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        first?.resume(returning: value)
    }
}

/// Options for opening a ledger for writing.
package struct LedgerOptions: Sendable {
    package let data: DataDirectory
    /// Passphrase of the signing key, where that is sealed.
    package var passphrase: [UInt8]?
    /// Maximum size of `log/` in bytes; nil keeps the size it was created with or last enlarged to.
    package var mapBytes: Int?
    /// Time source of a ledger on the system clock.
    package var clock = SystemClock.machine
    /// Largest step of the system clock that is accepted while the ledger is open, in milliseconds; nil accepts any
    /// step.
    package var clockJumpMax: Int64? = ClockWatch.jumpMaxDefault
    /// Indicates that every decision is derived again in the background, at low priority.
    package var recomputes = false
    /// The policy file whose witnesses are asked to cosign checkpoints: its name, and its bytes.
    package var witnesses: (name: String, bytes: [UInt8])?

    package init(data: DataDirectory, passphrase: [UInt8]? = nil, mapBytes: Int? = nil) {
        self.data = data
        self.passphrase = passphrase
        self.mapBytes = mapBytes
    }
}

/// A ledger used without a service: this process appends requests one at a time, with the checks and the answers that
/// the socket gives.
package final class LocalLedger: Sendable {
    /// Principal that appends where none is named.
    package static let localPrincipal = "local"

    /// The answer that a client on the socket would get.
    package struct Answer: Sendable {
        /// The HTTP status.
        package let status: Int
        /// The JSON of the answer, or of the problem.
        package let body: [UInt8]
    }

    private let ledger: OpenLedger
    private let principal: String

    /// Opens a data directory as its one writer.
    /// - Throws: where the directory holds no ledger, cannot be read, or has another writer.
    package init(_ options: LedgerOptions, principal: String = localPrincipal) throws(ServiceError) {
        ledger = try OpenLedger(options)
        self.principal = principal
    }

    /// Appends one event, or a batch, given as JSON.
    package func append(
        _ body: [UInt8], isBatch: Bool = false, isAtomic: Bool = false, isDryRun: Bool = false
    ) async -> Answer {
        let reply: Reply
        do throws(ProblemReply) {
            let document: Document
            do throws(JSONError) { document = try Document.parse(body) } catch { throw ProblemReply(error) }
            let events = try EventBody(document, isBatch: isBatch)
            let access = await ledger.access(of: principal)
            do throws(Problem) { try access.requireCall("events.append") } catch { throw ProblemReply(error) }
            let options = AppendOptions(isAtomic: isAtomic, isDryRun: isDryRun)
            // Whoever can write the directory itself needs no permission to move its clock.
            reply = await ledger.appender.append(events, options, by: access, mayMoveClock: true).reply
        } catch {
            reply = error.reply
        }
        guard case .bytes(let buffer) = reply.body else { return Answer(status: reply.status, body: []) }
        return Answer(status: reply.status, body: Array(buffer.readableBytesView))
    }

    /// Finishes pending work, writes the views and releases the writer's lock.
    package func stop() { ledger.stop() }
}
