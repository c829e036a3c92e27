import AgentKit
import Engine
import EventLog
import JSON
import LMDB
import Rules
import Sodium
import Synchronization
import TestSupport
import TransparencyLog

/// A ledger on disk in a temporary directory, which tests open, use and reopen.
struct OpenLedger {
    let directory: DataDirectory
    let sequencer: Sequencer

    static func create(
        at path: String, rules: [String: String], clock: LedgerSettings.Clock = .events
    ) throws -> DataDirectory {
        let directory = DataDirectory(path)
        let origin = "docket.example/tests"
        let key = KeyFile(path: directory.signingKey)
        try key.create(name: origin, key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let signer = try key.signer()
        try EventLog.create(
            directory: directory.log, origin: origin, verifierKey: signer.verifierKey, mapSize: 1 << 30)
        let settings = LedgerSettings(
            origin: origin, verifierKey: "\(signer.verifierKey)", clock: clock)
        try directory.write(
            DataDirectory.Initial(
                settings: settings, ruleFiles: rules.map { RuleFile(name: $0.key, text: $0.value) }))
        return directory
    }

    /// Opens the ledger for the length of `body`.
    static func using<R>(
        _ directory: DataDirectory, flushesAt: Int = 1000, asideAt: Int = 0,
        snapshotsEvery: UInt64 = SnapshotMarks.entriesBetween, faults: FaultyStore? = nil,
        sealing: (any Sealing)? = nil, _ body: (OpenLedger) async throws -> R
    ) async throws -> R {
        let ledger = try OpenLedger(
            directory, flushesAt: flushesAt, asideAt: asideAt, snapshotsEvery: snapshotsEvery, faults: faults,
            sealing: sealing)
        defer { ledger.sequencer.stop() }
        return try await body(ledger)
    }

    init(
        _ directory: DataDirectory, flushesAt: Int = 1000, asideAt: Int = 0,
        snapshotsEvery: UInt64 = SnapshotMarks.entriesBetween, faults: FaultyStore? = nil,
        sealing: (any Sealing)? = nil
    ) throws {
        self.directory = directory
        let signer = try KeyFile(path: directory.signingKey).signer()
        let open = {
            try EventLog.openWriter(directory: directory.log, signer: signer, mapSize: 1 << 30, faults: faults)
        }
        let ledger = try Ledger(
            directory, log: open(), secret: Self.secret(directory), sealing: sealing, flushesAt: flushesAt,
            asideAt: asideAt, snapshotsEvery: snapshotsEvery, mapSize: 1 << 30,
            reopen: { try open() })
        sequencer = Sequencer(ledger)
    }

    /// The keys of the views, from the ledger's signing key.
    static func secret(_ directory: DataDirectory) throws -> ViewSecret {
        try ViewSecret(KeyFile(path: directory.signingKey).key(for: ViewSecret.purpose))
    }

    func event(_ type: String, _ data: String, id: String, at time: String? = nil, more: String = "") throws
        -> PreparedEvent
    {
        let time = time.map { ",\"time\":\"\($0)\"" } ?? ""
        let text = """
            {"specversion":"1.0","id":"\(id)","source":"/tests","type":"\(type)"\(time)\(more),"data":\(data)}
            """
        let root = try Document.parse(Array(text.utf8)).root
        var ingress = sequencer.ingress
        _ = ingress.follow(root)
        return try ingress.prepare(root, authority: "local")
    }

    func send(_ events: [PreparedEvent], atomic: Bool = false) async -> AppendAnswer {
        var request = AppendRequest(events.map { .success($0) })
        request.isAtomic = atomic
        return await sequencer.append(request)
    }
}

/// A system clock that a test sets by hand, with a time since boot that only moves forward.
final class HandClock: Sendable {
    private let state: Mutex<(now: Int64, boot: Int64)>

    init(_ text: String) {
        state = Mutex((Instant(rfc3339: text)!.milliseconds, 1_000_000))
    }

    var clock: SystemClock {
        SystemClock(
            now: { Instant(milliseconds: self.state.withLock { $0.now }) },
            sinceBoot: { self.state.withLock { $0.boot } })
    }

    /// Advances both.
    func pass(seconds: Int64) {
        state.withLock { state in
            state.now += seconds * 1000
            state.boot += seconds * 1000
        }
    }

    /// Sets the clock forward, or back where negative.
    func set(by seconds: Int64) { state.withLock { $0.now += seconds * 1000 } }
}

extension OpenLedger {
    /// Opens a ledger with a system clock that is set by hand.
    init(_ directory: DataDirectory, _ clock: HandClock, jumpMax: Int64? = ClockWatch.jumpMaxDefault) throws {
        self.directory = directory
        let signer = try KeyFile(path: directory.signingKey).signer()
        let open = { try EventLog.openWriter(directory: directory.log, signer: signer, mapSize: 1 << 30) }
        let ledger = try Ledger(
            directory, log: open(), secret: Self.secret(directory), mapSize: 1 << 30, reopen: { try open() })
        sequencer = Sequencer(ledger, clock: clock.clock, clockJumpMax: jumpMax)
    }
}

extension AppendAnswer.Outcome {
    /// The answer to a client in a word, with the kind of the problem if any: `appended`, `exists`, `refused clock`.
    var verdict: String {
        switch self {
        case .appended, .dryRun, .recorded(_, _, isNew: true): "appended"
        case .recorded(_, _, isNew: false): "exists"
        case .refused(let problem): "refused \(problem.kind.rawValue)"
        }
    }
}

extension AppendAnswer {
    var verdicts: [String] { outcomes.map(\.verdict) }

    /// The sequences named in problems.
    var sequences: [UInt64] {
        outcomes.compactMap { if case .refused(let problem) = $0 { problem.sequence } else { nil } }
    }

    /// The bytes of each event's entry and decisions; empty for a refused event.
    var entries: [[[UInt8]]] {
        outcomes.map { outcome in
            switch outcome {
            case .appended(let first, let count):
                (first..<first + count).map { index in chain.withEntry(index) { [UInt8]($0) } }
            case .dryRun(let entries), .recorded(_, let entries, _): entries
            case .refused: []
            }
        }
    }
}
