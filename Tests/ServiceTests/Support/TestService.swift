import Service

/// A service that runs in this process until the test is done.
final class TestService: Sendable {
    let service: LedgerService
    private let ended: AsyncStream<ServiceError?>
    private let end: AsyncStream<ServiceError?>.Continuation

    init(_ options: LedgerService.Options) throws {
        service = try LedgerService(options)
        (ended, end) = AsyncStream.makeStream()
    }

    /// Returns once clients can connect.
    func start() async throws {
        let (ready, becomesReady) = AsyncStream.makeStream(of: ServiceError?.self)
        Task { [service, end] in
            do throws(ServiceError) {
                try await service.run(handlesSignals: false) { becomesReady.yield(nil) }
                end.yield(nil)
            } catch {
                end.yield(error)
                becomesReady.yield(error)
            }
        }
        for await failure in ready {
            if let failure { throw failure }
            return
        }
    }

    func stop() async throws {
        await service.stop()
        for await failure in ended {
            if let failure { throw failure }
            return
        }
    }

    func connect() throws -> RawClient { try RawClient(service.socketPath) }
}
