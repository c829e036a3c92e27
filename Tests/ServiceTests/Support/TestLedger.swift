import Engine
import Foundation
import Service
import TestSupport

/// A ledger in a temporary directory, made as `docket init` makes one.
struct TestLedger {
    static let origin = "docket.example/service"

    let folder: TemporaryDirectory
    let directory: DataDirectory

    init(clock: LedgerSettings.Clock = .events, mapBytes: Int = 1 << 30, isSeeded: Bool = true) throws {
        folder = try TemporaryDirectory("svc")
        directory = DataDirectory(folder.file("data"))
        try TestRules.write(to: folder.file("rules"))
        var options = LedgerCreation.Options(origin: Self.origin, rules: folder.file("rules"))
        options.clock = clock
        options.mapBytes = mapBytes
        if isSeeded {
            options.personSeed = folder.file("seed")
            try String(repeating: "5e", count: 32).write(toFile: folder.file("seed"), atomically: true, encoding: .utf8)
        }
        _ = try LedgerCreation.create(directory, options)
    }

    var options: LedgerOptions { LedgerOptions(data: directory, mapBytes: 1 << 30) }

    /// Runs a service for the length of a closure.
    func serving<R: Sendable>(
        mapBytes: Int = 1 << 30, memoryBytes: Int? = nil, _ body: @Sendable (TestService) async throws -> R
    ) async throws -> R {
        var options = LedgerService.Options(
            LedgerOptions(data: directory, mapBytes: mapBytes), socket: folder.file("s"))
        options.memoryBytes = memoryBytes
        let service = try TestService(options)
        try await service.start()
        do {
            let result = try await body(service)
            try await service.stop()
            return result
        } catch {
            try await service.stop()
            throw error
        }
    }
}

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
