import Synchronization

/// What the threads of a verification add to.
final class VerifyShared: Sendable {
    let collector: Mutex<VerifyCollector>
    let runs = Mutex<[VerifyDigestRun]>([])

    init(_ collector: VerifyCollector) { self.collector = Mutex(collector) }
}
