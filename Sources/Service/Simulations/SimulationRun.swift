import Audit
import Engine
import EventLog
import Rules
import Synchronization

/// One simulation of the service's own log: a thread of the lowest priority derives history once more. It appends nothing
/// and ends with the service.
final class SimulationRun: Sendable {
    enum State: Sendable {
        /// With the number of recorded entries that are done.
        case running(UInt64)
        /// The report as canonical JSON.
        case done([UInt8])
        case failed(String)
    }

    let id: String
    /// The number of recorded entries that there were when it began.
    let size: UInt64
    private let log: EventLog
    private let request: SimulationRequest
    private let current = Mutex(State.running(0))
    private let thread = BackgroundThread()

    init(_ id: String, _ request: SimulationRequest, of log: EventLog) {
        self.id = id
        self.request = request
        self.log = log
        size = log.size
    }

    var state: State { current.withLock { $0 } }

    var isRunning: Bool { if case .running = state { true } else { false } }

    /// Starts the thread.
    func start() {
        if let failure = thread.start({ [self] in work() }) { current.withLock { $0 = .failed(failure) } }
    }

    func stop() { thread.stop() }

    private func work() {
        let state: State
        do {
            let progress = { [self] (position: UInt64) in current.withLock { $0 = .running(position) } }
            let simulation = try Simulation(
                log, request, isThreaded: false, isAbandoned: { [self] in thread.isStopping },
                progress: progress)
            try simulation.advance(progress: progress)
            guard !thread.isStopping else { return current.withLock { $0 = .failed("ended") } }
            let report = try simulation.report().json
            state =
                report.count <= ServiceLimits.simulationReportBytesMax
                ? .done(report)
                : .failed(
                    "the report has \(report.count) bytes, and at most \(ServiceLimits.simulationReportBytesMax) are "
                        + "kept: `docket simulate` prints any")
        } catch {
            state = .failed("\(error)")
        }
        current.withLock { $0 = state }
    }
}

/// The simulations of a service: one runs at a time, and the last report is kept until the next begins.
final class Simulations: Sendable {
    private struct Runs {
        var last: SimulationRun?
        /// The number that simulations of this process were given so far.
        var count = 0
        var isStopped = false
        /// Indicates that the last was removed, whose thread may still be ending.
        var isRemoved = false
    }

    private let runs = Mutex(Runs())

    /// Starts a simulation.
    /// - Returns: nil where one runs, or the service ends.
    func start(_ request: SimulationRequest, of log: EventLog) -> SimulationRun? {
        let run = runs.withLock { runs -> SimulationRun? in
            guard !runs.isStopped, runs.last?.isRunning != true else { return nil }
            runs.count += 1
            runs.isRemoved = false
            let run = SimulationRun(String(runs.count), request, of: log)
            runs.last = run
            return run
        }
        run?.start()
        return run
    }

    func run(_ id: String) -> SimulationRun? {
        runs.withLock { $0.isRemoved ? nil : $0.last }.flatMap { $0.id == id ? $0 : nil }
    }

    var running: SimulationRun? { runs.withLock { $0.last }.flatMap { $0.isRunning ? $0 : nil } }

    /// Ends a simulation and forgets it; none begins before its thread has ended.
    func remove(_ run: SimulationRun) {
        run.stop()
        runs.withLock { runs in
            guard runs.last === run else { return }
            if run.isRunning { runs.isRemoved = true } else { runs.last = nil }
        }
    }

    /// Ends the one that runs; none begins any more.
    func stop() {
        let last = runs.withLock { runs -> SimulationRun? in
            runs.isStopped = true
            return runs.last
        }
        if let last, last.isRunning { last.stop() }
    }
}
