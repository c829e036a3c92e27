import Synchronization

/// The shadow of a service, one at a time.
final class Shadow: Sendable {
    private let current = Mutex<ShadowWatch?>(nil)

    var watch: ShadowWatch? { current.withLock { $0 } }

    /// Starts a shadow in the place of the one that runs, if any, which it stops.
    func replace(with watch: ShadowWatch?) {
        let before = current.withLock { current in
            defer { current = watch }
            return current
        }
        before?.stop()
        watch?.start()
    }
}
