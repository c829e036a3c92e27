import Audit
import Engine
import EventLog
import Glibc
import Rules
import Synchronization

/// A rule set that runs beside the one in force: a thread of the lowest priority decides under it what the log records, and
/// counts what it decides otherwise. It appends nothing and ends with the service.
final class ShadowWatch: Sendable {
    /// The time between two looks at a log that does not grow.
    private static let pauseMicroseconds: UInt32 = 250_000

    /// The digest of its rule set.
    let digest: String
    private let log: EventLog
    private let files: [RuleFile]
    private let current = Mutex<(findings: ShadowFindings?, failure: String?)>((nil, nil))
    private let thread = BackgroundThread()

    init(_ log: EventLog, _ files: [RuleFile], digest: String) {
        self.log = log
        self.files = files
        self.digest = digest
    }

    /// What was found so far, nil until the log is folded up to where it begins; and the reason why it went no further.
    var state: (findings: ShadowFindings?, failure: String?) { current.withLock { $0 } }

    var size: UInt64 { log.size }

    /// Starts the thread.
    func start() {
        if let failure = thread.start({ [self] in work() }) { current.withLock { $0.failure = failure } }
    }

    func stop() { thread.stop() }

    private func work() {
        do {
            let run = try ShadowRun(log, rules: files, isAbandoned: { [self] in thread.isStopping })
            current.withLock { $0.findings = run.findings }
            while !thread.isStopping {
                if try run.advance() { current.withLock { $0.findings = run.findings } }
                usleep(Self.pauseMicroseconds)
                try? log.refresh()
            }
        } catch {
            guard !thread.isStopping else { return }
            current.withLock { $0.failure = "\(error)" }
            Notice.say("the shadow of rule set `\(digest)` cannot go on: \(error)")
        }
    }
}
