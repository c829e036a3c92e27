import Dispatch
import Engine
import EventLog
import NIOCore
import Synchronization

/// The committed log as clients read it, through a view of its own beside the writer.
struct LogReader: Sendable {
    let log: EventLog
    let pool: ReadPool

    /// The number of committed entries.
    var size: UInt64 {
        try? log.refresh()
        return log.size
    }

    /// The newest signed checkpoint; nil in an empty log.
    var checkpoint: String? {
        try? log.refresh()
        return log.checkpoint
    }

    /// Reads one slice on a thread of the pool.
    /// - Parameter bytesHeld: bytes of the page that were read before.
    /// - Throws: `unavailable` where too many reads wait or memory is short.
    func slice(
        _ request: EntrySlice.Request, for connection: Connection, bytesHeld: Int = 0
    ) async throws(ProblemReply) -> EntrySlice {
        let log = log
        let result: Result<EntrySlice, EventLogError> = try await pool.run(for: connection) {
            do throws(EventLogError) {
                return .success(try EntrySlice(log, request, bytesHeld: bytesHeld))
            } catch {
                return .failure(error)
            }
        }
        guard case .success(let slice) = result else { throw .failure }
        if let refusal = slice.refusal { throw refusal }
        return slice
    }

    /// Reads one page: slices until it is full or the log ends.
    func page(_ first: EntrySlice.Request, for connection: Connection) async throws(ProblemReply) -> EntrySlice {
        var request = first
        var page = try await slice(request, for: connection)
        while !page.isAtEnd, page.count < first.entriesMax, page.buffer.readableBytes < first.bytesMax {
            request.from = page.next
            request.entriesMax = first.entriesMax - page.count
            var more = try await slice(request, for: connection, bytesHeld: page.buffer.storageCapacity)
            page.buffer.writeBuffer(&more.buffer)
            page.count += more.count
            page.last = more.last ?? page.last
            page.next = more.next
            page.isAtEnd = more.isAtEnd
        }
        return page
    }
}

/// Entries read from the log in one go: as many as fit the limits.
struct EntrySlice: Sendable {
    /// Format in which entries are written.
    enum Form: Sendable {
        case lines
        case serverSentEvents
    }

    /// Range, format and limits of a slice.
    struct Request: Sendable {
        /// The first sequence examined.
        var from: UInt64
        let form: Form
        var entriesMax: Int
        let bytesMax: Int
        let predicate: any EntryPredicate
        /// Share of memory that grows with what is read; nil where the reader accounts for it.
        var memory: MemoryShare?
    }

    var buffer = ByteBuffer()
    /// Entries in the buffer.
    var count = 0
    /// The first sequence not examined.
    var next: UInt64
    /// The sequence of the last entry in the buffer.
    var last: UInt64?
    /// The refusal that ended the slice early, where memory was short.
    private(set) var refusal: ProblemReply?
    private var bytesHeld = 0
    /// Indicates that the slice ends at the end of the log.
    var isAtEnd = true

    /// - Parameter bytesHeld: bytes of the page that were read before.
    init(_ log: EventLog, _ request: Request, bytesHeld: Int = 0) throws(EventLogError) {
        next = request.from
        self.bytesHeld = bytesHeld
        let (end, overflow) = request.from.addingReportingOverflow(ServiceLimits.searchEntriesMax)
        guard !overflow else { return }
        var slice = self
        slice.isAtEnd = true
        let words = request.predicate.words
        let search = EntrySearch(log, usesIndex: words != nil)
        let next = unsafe try search.scan(from: request.from, to: end, words: { words }) { sequence, bytes in
            guard unsafe request.predicate.matches(bytes) else { return true }
            guard slice.holds(bytes.count, request.memory) else { return false }
            unsafe slice.add(sequence, bytes, request.form)
            return slice.count < request.entriesMax && slice.buffer.readableBytes < request.bytesMax
        }
        slice.next = next
        // If a limit ended the scan there may be more; the next slice tells.
        slice.isAtEnd =
            slice.next < end && slice.count < request.entriesMax
            && slice.buffer.readableBytes < request.bytesMax
        self = slice
    }

    /// Takes memory for more bytes; a buffer that grows doubles. Returns false, with a `refusal`, where there is none.
    private mutating func holds(_ more: Int, _ memory: MemoryShare?) -> Bool {
        guard let memory, buffer.writableBytes < more + 64 else { return true }
        do throws(ProblemReply) {
            try memory.resize(to: bytesHeld + 2 * (buffer.readableBytes + more))
            return true
        } catch {
            refusal = error
            return false
        }
    }

    private mutating func add(_ sequence: UInt64, _ bytes: UnsafeRawBufferPointer, _ form: Form) {
        switch form {
        case .lines:
            unsafe buffer.writeBytes(bytes)
            buffer.writeStaticString("\n")
        case .serverSentEvents:
            buffer.writeStaticString("id: ")
            buffer.writeString(String(sequence))
            buffer.writeStaticString("\ndata: ")
            unsafe buffer.writeBytes(bytes)
            buffer.writeStaticString("\n\n")
        }
        count += 1
        last = sequence
    }
}

/// Thread pool for reads that may take long, so that neither connections nor appends wait for them. Its queue is
/// bounded, and a read whose client has gone is dropped.
final class ReadPool: Sendable {
    private struct Job: Sendable {
        let connection: Connection
        /// Reads and answers; with false, only answers that the client has gone.
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

    /// Runs a read for a client on a thread of the pool.
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

    /// Runs a job and then the waiting ones, until there is none.
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
