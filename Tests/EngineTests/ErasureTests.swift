import Engine
import EventLog
import JSON
import Synchronization
import TestSupport
import Testing

@Suite("erasing persons")
struct ErasureTests {
    static let rules = [
        "verification.yaml": """
        agent: verification
        version: 1.0.0
        facts:
          user.registered: {userId: string, role: string, name: optional personal string}
        rules: []
        """,
        "compliance.yaml": """
        agent: compliance
        version: 1.0.0
        triggers:
          erasure.requested: {requestId: string, userId: string}
        decisions:
          erasure.completed: {requestId: string, userId: string}
        rules:
          - id: erase
            on: erasure.requested
            emit:
              - {type: erasure.completed, data: '{"requestId": event.data.requestId, "userId": event.data.userId}'}
        """,
    ]

    /// Keys that only remember what was done with them.
    final class Keys: Sealing {
        struct State {
            var erased: Set<String> = []
            /// Every call, in order.
            var asked: [String] = []
            var fails = false
        }

        let state = Mutex(State())

        func seal(
            _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
        ) throws(Problem) -> (commitment: String, sealed: String) {
            guard state.withLock({ !$0.erased.contains(userId) }) else {
                throw Problem(.erased, "the data of `\(userId)` was erased", pointer: pointer)
            }
            let text = value.string ?? ""
            return (text, text)
        }

        func erase(_ userId: String) -> Bool {
            state.withLock { state in
                state.asked.append(userId)
                guard !state.fails else { return false }
                state.erased.insert(userId)
                return true
            }
        }

        var asked: [String] { state.withLock(\.asked) }
        func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }
    }

    private static func using<R>(
        _ directory: DataDirectory, _ keys: Keys, _ body: (Sequencer) async throws -> R
    ) async throws -> R {
        let signer = try KeyFile(path: directory.signingKey).signer()
        let open = { try EventLog.openWriter(directory: directory.log, signer: signer, mapSize: 1 << 30) }
        let ledger = try Ledger(
            directory, log: open(), sealing: keys, flushesAt: 1000, mapSize: 1 << 30, reopen: { try open() })
        let sequencer = Sequencer(ledger)
        defer { sequencer.stop() }
        return try await body(sequencer)
    }

    private static func send(
        _ sequencer: Sequencer, _ type: String, _ data: String, id: String, isDryRun: Bool = false
    ) async throws -> AppendAnswer.Outcome {
        let text = """
            {"specversion":"1.0","id":"\(id)","source":"/tests","type":"\(type)","time":"2024-02-15T09:00:00Z",\
            "data":\(data)}
            """
        let event = try sequencer.intake.prepare(Document.parse(Array(text.utf8)).root, authority: "local")
        var request = AppendRequest([.success(event)])
        request.isDryRun = isDryRun
        return try #require(await sequencer.append(request).outcomes.first)
    }

    private static func erase(_ sequencer: Sequencer, _ user: String) async throws {
        _ = try await send(
            sequencer, "erasure.requested", #"{"requestId":"E-\#(user)","userId":"\#(user)"}"#, id: "e-" + user)
    }

    @Test("a key is destroyed before anybody is answered, and by nothing but what is kept")
    func destroyed() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let keys = Keys()
        try await Self.using(directory, keys) { sequencer in
            _ = try await Self.send(
                sequencer, "user.registered", #"{"userId":"U-ali","role":"buyer"}"#, id: "u-1")
            _ = try await Self.send(
                sequencer, "erasure.requested", #"{"requestId":"E-1","userId":"U-sana"}"#, id: "e-1", isDryRun: true)
            #expect(keys.asked.isEmpty)
            try await Self.erase(sequencer, "U-ali")
            #expect(keys.asked == ["U-ali"])
        }
    }

    @Test("what a crash left undone is done at the next start")
    func atStart() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let dying = Keys()
        dying.fail(true)
        try await Self.using(directory, dying) { sequencer in
            try await Self.erase(sequencer, "U-ali")
            try await Self.erase(sequencer, "U-sana")
        }
        let keys = Keys()
        try await Self.using(directory, keys) { _ in }
        #expect(keys.asked == ["U-ali", "U-sana"])
    }

    @Test("a key that cannot be destroyed is tried again with every commit")
    func again() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let keys = Keys()
        try await Self.using(directory, keys) { sequencer in
            keys.fail(true)
            try await Self.erase(sequencer, "U-ali")
            keys.fail(false)
            for id in ["u-1", "u-2"] {
                _ = try await Self.send(sequencer, "user.registered", #"{"userId":"U-x","role":"buyer"}"#, id: id)
            }
            #expect(keys.asked == ["U-ali", "U-ali"])
        }
    }

    @Test("once erased, a retry is found by what is not personal, and nothing new is taken")
    func retried() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        try await Self.using(directory, Keys()) { sequencer in
            func register(_ id: String, role: String, name: String) async throws -> AppendAnswer.Outcome {
                try await Self.send(
                    sequencer, "user.registered", #"{"userId":"U-ali","role":"\#(role)","name":"\#(name)"}"#, id: id)
            }
            _ = try await register("u-1", role: "buyer", name: "Ali")
            try await Self.erase(sequencer, "U-ali")
            for name in ["Ali", "Omar"] {
                guard case .recorded(_, _, isNew: false) = try await register("u-1", role: "buyer", name: name) else {
                    Issue.record("a retry with name \(name) was not found")
                    continue
                }
            }
            guard case .refused(let changed) = try await register("u-1", role: "seller", name: "Ali") else {
                throw Missing("a refusal of other content")
            }
            #expect(changed.kind == .conflict)
            guard case .refused(let new) = try await register("u-2", role: "buyer", name: "Ali") else {
                throw Missing("a refusal of new data")
            }
            #expect(new.kind == .erased)
            #expect(new.pointer == "/data/name")
        }
    }

    private struct Missing: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }
}
