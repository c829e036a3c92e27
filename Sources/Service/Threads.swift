import Glibc

/// Threads that may wait for the disk and for others.
enum Threads {
    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Runs work on a thread of its own; on this one where none can be started.
    static func detach(_ body: @escaping @Sendable () -> Void) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let failure = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, unsafe work.toOpaque())
        guard failure == 0 else {
            unsafe work.release()
            return body()
        }
        pthread_detach(handle)
    }
}
