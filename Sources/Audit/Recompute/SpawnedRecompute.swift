import Glibc
import JSON

/// A recomputation from a snapshot of the views on, by `docket recompute --from` in a process of its own: rows that
/// somebody changed could end that process, and end nothing else.
///
/// Of what it says only that everything is equal counts; whatever else it says or does, its caller derives that part, too.
final class SpawnedRecompute {
    /// A result without any difference.
    struct Sound {
        /// The number of rows of the views compared; nil where they were not.
        let rows: Int?
        /// The position of the views compared; nil where there are none.
        let viewsPosition: UInt64?
    }

    private static let outputBytesMax = 1 << 20
    private static let bytesPerRead = 1 << 14
    private static let pollMilliseconds: Int32 = 1000

    private var process: pid_t = 0
    private var output: Int32 = -1

    /// - Parameters:
    ///   - program: the path of `docket`.
    ///   - data: the data directory.
    ///   - entries: those that it derives.
    /// - Returns: nil where it cannot be started.
    init?(program: String, data: String, _ entries: Range<UInt64>) {
        guard let last = entries.last else { return nil }
        var ends: (reading: Int32, writing: Int32) = (-1, -1)
        let isOpen = unsafe withUnsafeMutableBytes(of: &ends) { ends in
            guard let first = unsafe ends.assumingMemoryBound(to: Int32.self).baseAddress else { return false }
            return unsafe pipe(first) == 0
        }
        guard isOpen else { return nil }
        for end in [ends.reading, ends.writing] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends.writing) }
        output = ends.reading
        let arguments = [
            program, "recompute", "--data", data, "--from", "\(entries.lowerBound)", "--to", "\(last)", "--cores", "1",
            "--json",
        ]
        guard Self.spawn(program, arguments, writingTo: ends.writing, &process) else {
            close(output)
            return nil
        }
    }

    private static func spawn(
        _ program: String, _ arguments: [String], writingTo end: Int32, _ process: inout pid_t
    ) -> Bool {
        var actions = unsafe posix_spawn_file_actions_t()
        guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { return false }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        guard unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0,
            unsafe posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO) == 0,
            unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0
        else { return false }
        // Of the environment it needs only the path of the system's libraries.
        let libraries = unsafe getenv("LD_LIBRARY_PATH").map { unsafe "LD_LIBRARY_PATH=" + String(cString: $0) }
        var argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var environment = unsafe [libraries].compactMap(\.self).map { unsafe strdup($0) } + [nil]
        defer { unsafe (argv + environment).forEach { unsafe free($0) } }
        return unsafe posix_spawn(&process, program, &actions, nil, &argv, &environment) == 0
    }

    deinit { stop() }

    /// Ends it, whatever it has come to.
    func stop() {
        guard process > 0 else { return }
        kill(process, SIGKILL)
        _ = wait()
    }

    /// Waits for its end.
    /// - Parameter seconds: the longest time that it is given.
    /// - Returns: nil unless it derived its entries and found everything equal.
    func sound(_ entries: Range<UInt64>, within seconds: Int64) -> Sound? {
        guard process > 0 else { return nil }
        guard let text = read(until: .now + .seconds(seconds)) else {
            stop()
            return nil
        }
        guard wait() == 0, let line = try? Document(adopting: text.last == 0x0A ? text.dropLast() : text)
        else { return nil }
        let root = line.root
        guard root["verdict"]?.isString("OK") == true, root["from"]?.int == Int64(exactly: entries.lowerBound),
            root["entries"]?.int == Int64(exactly: entries.upperBound)
        else { return nil }
        return Sound(
            rows: root["views"]?["rows"]?.int.flatMap { Int(exactly: $0) },
            viewsPosition: root["views"]?["position"]?.int.flatMap { UInt64(exactly: $0) })
    }

    /// Everything that it prints; nil where that is too much, or comes too late.
    private func read(until end: ContinuousClock.Instant) -> [UInt8]? {
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: Self.bytesPerRead)
        while text.count <= Self.outputBytesMax, .now < end {
            var waited = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waited, 1, Self.pollMilliseconds) > 0 else { continue }
            let count = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(output, $0.baseAddress, $0.count) }
            if count == 0 { return text }
            if count > 0 { text += part[..<count] } else if errno != EINTR { return nil }
        }
        return nil
    }

    /// Waits for the process and forgets it.
    /// - Returns: its exit status; nil where a signal ended it.
    private func wait() -> Int32? {
        var status: Int32 = 0
        var ended: pid_t = -1
        repeat { ended = unsafe waitpid(process, &status, 0) } while ended < 0 && errno == EINTR
        close(output)
        process = 0
        return ended > 0 && status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
}
