import Foundation
import Glibc
import Synchronization

/// A process that a test starts, with no open files but the standard ones. Foundation's `Process` reads past the end of
/// a heap block when it lists the open files, which now and then ends all tests.
package final class ChildProcess: Sendable {
    /// Destination of a standard stream.
    package enum Output {
        case nowhere
        /// A file, which is made or emptied.
        case file(String)
        /// An open file of this process, such as a pipe's end.
        case descriptor(Int32)
    }

    package let pid: Int32
    private let ended = Mutex<Int32?>(nil)

    /// Starts a program.
    /// - Parameters:
    ///   - directory: its working directory, instead of this process's.
    ///   - input: a file to read; empty where none is given.
    /// - Throws: a POSIX error, where it cannot be started.
    package init(
        _ path: String, _ arguments: [String], in directory: String? = nil, input: String? = nil,
        output: Output = .nowhere, messages: Output = .nowhere
    ) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        for (descriptor, output) in [(1, output), (2, messages)] as [(Int32, Output)] {
            switch output {
            case .nowhere: unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
            case .file(let file):
                unsafe posix_spawn_file_actions_addopen(
                    &actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            case .descriptor(let open): unsafe posix_spawn_file_actions_adddup2(&actions, open, descriptor)
            }
        }
        Self.closeOnExec()

        // What this process ignores or blocks is its own affair.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let command = directory.map { ["/usr/bin/env", "-C", $0, path] } ?? [path]
        var words = unsafe (command + arguments).map { strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let error = unsafe posix_spawn(&pid, command[0], &actions, &attributes, &words, environ)
        guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EINVAL) }
        self.pid = pid
    }

    /// Keeps this process's open files from new processes.
    private static func closeOnExec() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard let descriptor = Int32(name), descriptor > 2 else { continue }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    /// Indicates that it has not ended yet.
    package var isRunning: Bool { ended.withLock { look(&$0, WNOHANG) } == nil }

    /// Waits for its end.
    /// - Returns: its exit status, or the negative number of the signal that ended it.
    @discardableResult
    package func wait() -> Int32 {
        while true {
            if let status = ended.withLock({ look(&$0, WNOHANG) }) { return status }
            var info = siginfo_t()
            _ = unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT)
        }
    }

    /// Sends SIGTERM.
    package func terminate() { send(SIGTERM) }

    /// Sends SIGKILL, which leaves it no time to finish anything.
    package func kill() { send(SIGKILL) }

    private func send(_ signal: Int32) {
        // Once it was waited for, its number may be another process's.
        ended.withLock { if look(&$0, WNOHANG) == nil { Glibc.kill(pid, signal) } }
    }

    private func look(_ ended: inout Int32?, _ options: Int32) -> Int32? {
        if let ended { return ended }
        var status: Int32 = 0
        guard unsafe waitpid(pid, &status, options) == pid else { return nil }
        let signal = status & 0x7f
        ended = signal == 0 ? (status >> 8) & 0xff : -signal
        return ended
    }
}

/// A new empty folder that is removed, with all in it, when the last reference goes.
package final class TemporaryDirectory: Sendable {
    /// The folder's path, without a slash at its end.
    package let path: String

    /// Makes the folder below the system's temporary folder.
    /// - Throws: where the folder cannot be made.
    package init(_ name: String = "docket") throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(name)-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    /// The path of something in the folder.
    package func file(_ name: String) -> String { path + "/" + name }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
