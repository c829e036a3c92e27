import Engine
import EventLog
import JSON
import Synchronization

/// A ledger opened for writing by this process, with everything that serves its clients.
final class OpenLedger: Sendable {
    let sequencer: Sequencer
    let keys: PersonKeys
    let reader: LogReader
    let records: RecordReader
    let explanations: ExplanationReader
    let signal: CommitSignal
    let appender: Appender

    init(_ options: LedgerOptions) throws(ServiceError) {
        do {
            let directory = options.data
            _ = try directory.readInitial()
            try ServiceFiles.requirePrivate(directory.path)
            let keyFile = KeyFile(path: directory.signingKey)
            let signer = try keyFile.signer(passphrase: options.passphrase)
            let ledgerKey = try keyFile.key(for: PersonKeys.purpose, passphrase: options.passphrase)
            // 0 takes the size that the log was made with, or that it was enlarged to.
            let open = { () throws(EventLogError) -> EventLog in
                try EventLog.openWriter(directory: directory.log, signer: signer, mapSize: options.mapBytes ?? 0)
            }
            let log = try open()
            let keys = try PersonKeys(directory: directory.keys, ledgerKey: ledgerKey)
            let ledger = try Ledger(directory, log: log, sealing: keys, reopen: open)
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
        appender = Appender(sequencer: sequencer, keys: keys, signal: signal) { reader.checkpoint }
    }

    /// What a principal may do: by the policy, or by the roles that the ledger itself gives it.
    func access(of principal: String) async -> Access {
        let intake = sequencer.intake
        guard principal != LocalLedger.localPrincipal else { return intake.access(of: principal) }
        let registered = await sequencer.read { $0.registeredRoles(of: principal) }
        return intake.access(of: principal, registered: registered)
    }

    /// Ready is a service whose sequencer answers and believes its clock.
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
        return .json(Array("{\"entries\":\(reader.size),\"status\":\"ready\"}".utf8))
    }

    /// Finishes what was handed over and closes; the writer's lock goes with the last reference.
    func stop() {
        signal.stop()
        sequencer.stop()
    }
}

/// A continuation that the first of several answers resumes.
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
