import Audit
import Dispatch
import Engine
import EventLog
import Glibc
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

    private static let stopMilliseconds = 1000
    /// The lowest priority that a thread can have (nice).
    private static let niceness: Int32 = 19

    let id: String
    /// The number of recorded entries that there were when it began.
    let size: UInt64
    private let log: EventLog
    private let request: SimulationRequest
    private let current = Mutex(State.running(0))
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

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
        var handle = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let run = unsafe Unmanaged<SimulationRun>.fromOpaque(context).takeRetainedValue()
                run.work()
                run.ended.signal()
                return nil
            }, context)
        guard failure == 0 else {
            unsafe Unmanaged<SimulationRun>.fromOpaque(context).release()
            ended.signal()
            return current.withLock { $0 = .failed("no thread could be started (error \(failure))") }
        }
        pthread_detach(handle)
    }

    /// Tells the thread to end, and waits for it a moment.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        _ = ended.wait(timeout: .now() + .milliseconds(Self.stopMilliseconds))
    }

    private func work() {
        // On Linux the priority is the thread's own.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        let state: State
        do {
            let progress = { [self] (position: UInt64) in current.withLock { $0 = .running(position) } }
            let simulation = try Simulation(
                log, request, isThreaded: false, isAbandoned: { [self] in isStopping.load(ordering: .relaxed) },
                progress: progress)
            try simulation.advance(progress: progress)
            guard !isStopping.load(ordering: .relaxed) else { return current.withLock { $0 = .failed("ended") } }
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
