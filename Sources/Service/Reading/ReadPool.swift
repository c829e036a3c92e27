import Dispatch
import Synchronization

/// A few threads for reads that may take long, so that neither connections nor appends wait for them. What waits for a
/// thread is bounded, and whose client has gone is not read for any more.
final class ReadPool: Sendable {
    private struct Job: Sendable {
        let connection: Connection
        /// Takes whether anybody still waits for it.
        let run: @Sendable (Bool) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var running = 0
    }

    private enum Turn {
        case starts, waits, refused
    }

    private let queue: DispatchQueue
    private let threads: Int
    private let waitingMax: Int
    private let state = Mutex(State())

    init(_ label: String, threads: Int, waitingMax: Int) {
        queue = DispatchQueue(label: "docket.\(label)", attributes: .concurrent)
        self.threads = threads
        self.waitingMax = waitingMax
    }

    /// Reads for a client.
    /// - Throws: `unavailable` where too many wait already, or the client has gone before its turn.
    func run<T: Sendable>(
        for connection: Connection, _ body: @escaping @Sendable () -> T
    ) async throws(ProblemReply) -> T {
        let result: Result<T, ProblemReply> = await withCheckedContinuation { continuation in
            let job = Job(connection: connection) { isWanted in
                continuation.resume(
                    returning: isWanted ? .success(body()) : .failure(.busy("the client has gone")))
            }
            let (turn, unwanted) = admit(job)
            for job in unwanted { job.run(false) }
            switch turn {
            case .starts: queue.async { self.work(job) }
            case .waits: break
            case .refused: continuation.resume(returning: .failure(.busy("too many reads wait already")))
            }
        }
        return try result.get()
    }

    private func admit(_ job: Job) -> (Turn, unwanted: [Job]) {
        state.withLock { state in
            if state.running < threads {
                state.running += 1
                return (.starts, [])
            }
            var unwanted: [Job] = []
            if state.waiting.count >= waitingMax {
                unwanted = state.waiting.filter(\.connection.isGone)
                state.waiting.removeAll(where: \.connection.isGone)
            }
            guard state.waiting.count < waitingMax else { return (.refused, unwanted) }
            state.waiting.append(job)
            return (.waits, unwanted)
        }
    }

    /// Does a job and then those that wait, until there is none.
    private func work(_ first: Job) {
        var next: Job? = first
        while let job = next {
            job.run(!job.connection.isGone)
            next = state.withLock { state in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.running -= 1
                return nil
            }
        }
    }
}
