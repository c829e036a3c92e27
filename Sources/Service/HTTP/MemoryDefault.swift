import Glibc

/// How much memory requests and replies may hold where nobody says.
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
            // A group is held to the limits of those around it; in a container its own path may not be visible.
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
        var room = [UInt8](repeating: 0, count: 1 << 14)
        let count = unsafe fread(&room, 1, room.count, file)
        return String(decoding: room[..<count], as: UTF8.self)
    }
}
