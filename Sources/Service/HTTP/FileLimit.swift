import Glibc

/// The files that the process may have open (`ulimit -n`).
enum FileLimit {
    private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// Raises the limit as far as the process may, and gives it.
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

    /// The connections for which there are files, beside those that are open now and a reserve for the ledger's own.
    /// - Throws: where there is none for a single one.
    static func connectionsMax() throws(ServiceError) -> Int {
        let limit = raise()
        let room = limit - openFiles() - ServiceLimits.filesReserved
        guard room >= 1 else {
            throw ServiceError("\(limit) open files are too few to serve anybody: raise the limit (`ulimit -n`)")
        }
        return room
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
