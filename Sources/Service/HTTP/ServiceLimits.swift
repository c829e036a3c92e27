import Glibc

/// The service's limits, each with its unit.
package enum ServiceLimits {
    /// Size of a request's body.
    package static let bodyBytesMax = 16 << 20
    /// The events of one batch.
    package static let batchEventsMax = 10_000
    /// Size of a request's headers together.
    package static let headerBytesMax = 16 << 10
    /// The headers of one request.
    package static let headerFieldsMax = 100
    /// Length to which a refused body is read, so that its sender sees the refusal, before the connection is closed.
    static let drainedBytesMax = 4 * bodyBytesMax
    /// Time that a connection may stay without a request.
    package static let idleSecondsMax: Int64 = 60
    /// Time from a request's head to the end of its body.
    static let requestSecondsMax: Int64 = 60
    /// Time that a reader may take nothing of what is written to it.
    static let stalledSecondsMax: Int64 = 60
    /// Time that open requests have after the service was told to stop.
    static let stopSecondsMax: Int64 = 6
    /// Entries of a page, where the client gives no limit.
    package static let pageEntriesDefault = 100
    package static let pageEntriesMax = 10_000
    /// Size of a page; it is cut after the entry that reaches this.
    static let pageBytesMax = 8 << 20
    /// Size of the pieces in which a followed stream is written, about.
    static let streamBytesMax = 256 << 10
    /// Entries examined in one slice, so that long searches take turns.
    static let searchEntriesMax: UInt64 = 50_000
    /// Silence on a followed stream after which a comment is sent.
    static let heartbeatSeconds: Int64 = 15
    /// Interval at which followers look for commits that no request of this service caused.
    static let followMilliseconds: Int64 = 50
    /// Time that a readiness check waits for the sequencer.
    static let readinessMilliseconds: Int64 = 1000
    /// Reads of entries that wait for a thread, of all clients together.
    static let readsWaitingMax = 4096
    /// The same for readings of the past, each of which folds the log.
    static let historiesWaitingMax = 16
    /// `Retry-After` for a client that is told to come again.
    static let retrySeconds = 1
    /// `Retry-After` for a client whose simulation has to wait for another.
    static let simulationRetrySeconds = 10
    /// The largest report of a simulation that is kept.
    static let simulationReportBytesMax = 64 << 20
    /// Least memory budget of requests and replies in progress, whatever the machine has.
    package static let memoryBytesMin = 1 << 20
    /// Size of replies that are given even where memory is short.
    static let smallReplyBytes = 4 << 10
    /// Files kept free for the ledger's own needs: keys, views, the log's.
    static let filesReserved = 16
    /// Pause in accepting connections once the system has no file left.
    static let acceptRestMilliseconds: Int64 = 250
    /// The path of a Unix socket (`sun_path`, with its final zero).
    static let socketPathBytesMax = 107
}

/// The files that the process may have open (`ulimit -n`).
enum FileLimit {
    private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// Raises the limit as far as the process may, and returns it.
    @discardableResult
    static func raise() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(files, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if unsafe setrlimit(files, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Number of connections for which files are left, beside those open now and a reserve for the ledger's own.
    /// - Throws: where there is not one.
    static func connectionsMax() throws(ServiceError) -> Int {
        let limit = raise()
        let left = limit - openFiles() - ServiceLimits.filesReserved
        guard left >= 1 else {
            throw ServiceError("\(limit) open files are too few to serve anybody: raise the limit (`ulimit -n`)")
        }
        return left
    }

    private static func openFiles() -> Int {
        guard let folder = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        // Without the folder itself, `.` and `..`.
        return max(0, count - 3)
    }
}

/// Default memory budget of requests and replies in progress.
enum MemoryDefault {
    /// A quarter of the control group's limit, or of the machine's memory where there is none.
    static var bytes: Int { max(ServiceLimits.memoryBytesMin, (groupLimit ?? machine) / 4) }

    private static var machine: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

    /// The least limit of the control groups that the process is in, of version 2 or 1.
    private static var groupLimit: Int? {
        var least: Int?
        for line in text(of: "/proc/self/cgroup").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isUnified = parts[0] == "0" && parts[1].isEmpty
            guard isUnified || parts[1].split(separator: ",").contains("memory") else { continue }
            let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
            let name = isUnified ? "memory.max" : "memory.limit_in_bytes"
            // The limits of its ancestors bind a group too; in a container its own path may not be visible.
            var path = parts[2][...]
            while true {
                let text = text(of: root + (path == "/" ? "" : path) + "/" + name)
                if let limit = Int(text.prefix { $0 != "\n" }), limit < machine { least = min(least ?? limit, limit) }
                guard let end = path.lastIndex(of: "/"), path != "/" else { break }
                path = end == path.startIndex ? "/" : path[..<end]
            }
        }
        return least
    }

    private static func text(of path: String) -> String {
        guard let file = unsafe fopen(path, "r") else { return "" }
        defer { unsafe fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = unsafe fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
