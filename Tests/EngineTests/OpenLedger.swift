import AgentKit
import Engine
import EventLog
import JSON
import LMDB
import Rules
import Sodium
import TestSupport
import TransparencyLog

/// A ledger on disk in a temporary directory, opened, used and opened again by tests.
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

    /// Opens the ledger, lends it and closes it again.
    static func using<R>(
        _ directory: DataDirectory, flushesAt: Int = 1000, asideAt: Int = 0, faults: FaultyStore? = nil,
        sealing: (any Sealing)? = nil, _ body: (OpenLedger) async throws -> R
    ) async throws -> R {
        let ledger = try OpenLedger(
            directory, flushesAt: flushesAt, asideAt: asideAt, faults: faults, sealing: sealing)
        defer { ledger.sequencer.stop() }
        return try await body(ledger)
    }

    init(
        _ directory: DataDirectory, flushesAt: Int = 1000, asideAt: Int = 0, faults: FaultyStore? = nil,
        sealing: (any Sealing)? = nil
    ) throws {
        self.directory = directory
        let signer = try KeyFile(path: directory.signingKey).signer()
        let open = {
            try EventLog.openWriter(directory: directory.log, signer: signer, mapSize: 1 << 30, faults: faults)
        }
        let ledger = try Ledger(
            directory, log: open(), sealing: sealing, flushesAt: flushesAt, asideAt: asideAt, mapSize: 1 << 30,
            reopen: { try open() })
        sequencer = Sequencer(ledger)
    }

    func event(_ type: String, _ data: String, id: String, at time: String? = nil, more: String = "") throws
        -> PreparedEvent
    {
        let time = time.map { ",\"time\":\"\($0)\"" } ?? ""
        let text = """
            {"specversion":"1.0","id":"\(id)","source":"/tests","type":"\(type)"\(time)\(more),"data":\(data)}
            """
        let root = try Document.parse(Array(text.utf8)).root
        var intake = sequencer.intake
        _ = intake.follow(root)
        return try intake.prepare(root, authority: "local")
    }

    func send(_ events: [PreparedEvent], atomic: Bool = false) async -> AppendAnswer {
        var request = AppendRequest(events.map { .success($0) })
        request.isAtomic = atomic
        return await sequencer.append(request)
    }
}
