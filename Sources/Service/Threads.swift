import Glibc

/// Threads that may wait for the disk and for others.
enum Threads {
    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Runs work on a thread of its own; on this one where none can be started.
    static func detach(_ body: @escaping @Sendable () -> Void) { if start(body) != 0 { body() } }

    /// Runs work on a thread of its own.
    /// - Returns: 0, or the number of the error for which none could be started.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let failure = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, unsafe work.toOpaque())
        if failure == 0 { pthread_detach(handle) } else { unsafe work.release() }
        return failure
    }
}
