import Testing

/// Waits for what another process does.
enum Patience {
    /// Looks again and again until something is so; a test that would wait for ever fails instead.
    static func wait(for what: String, until isSo: () throws -> Bool) async throws {
        for _ in 0..<12_000 {
            if try isSo() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("waited in vain for \(what)")
        throw CancellationError()
    }
}
