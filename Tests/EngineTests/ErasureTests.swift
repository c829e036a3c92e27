import Engine
import EventLog
import Glibc
import JSON
import LMDB
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
          user.registered: {userId: string, role: string, area: string, name: optional personal string, referredBy: optional string, tags: "optional [string]", level: optional string, trustScore: optional int}
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
            when: data.requestId != "later"
            emit:
              - {erasure.completed: '{"requestId": data.requestId, "userId": data.userId}'}
          - id: wait
            on: erasure.requested
            when: data.requestId == "later"
            timers:
              - {name: wait, key: data.userId, at: event.recordedtime + duration("60s")}
          - id: erase-later
            on: timer.fired
            when: data.name == "wait"
            emit:
              - {erasure.completed: '{"requestId": "later", "userId": data.key}'}
        """,
    ]

    /// Keys that record what was done with them.
    final class Keys: Sealing {
        struct State {
            var erased: Set<String> = []
            var ready: Set<String> = []
            /// The persons whose keys were to be destroyed, in order.
            var asked: [String] = []
            var failsToPrepare = false
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

        func prepareErasure(of persons: [String]) -> Bool {
            state.withLock { state in
                guard !state.failsToPrepare else { return false }
                state.ready.formUnion(persons)
                return true
            }
        }

        func erase(_ persons: [String]) -> [String] {
            state.withLock { state in
                state.asked += persons
                guard !state.fails else { return persons }
                state.erased.formUnion(persons)
                state.ready.subtract(persons)
                return []
            }
        }

        func abandonErasure() { state.withLock { $0.ready = [] } }

        var asked: [String] { state.withLock(\.asked) }
        var ready: Set<String> { state.withLock(\.ready) }
        var erased: Set<String> { state.withLock(\.erased) }
        func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }
        func failToPrepare(_ fails: Bool) { state.withLock { $0.failsToPrepare = fails } }
    }

    private static func using<R>(
        _ directory: DataDirectory, _ keys: Keys, asideAt: Int = 0, faults: FaultyStore? = nil,
        _ body: (Sequencer) async throws -> R
    ) async throws -> R {
        let signer = try KeyFile(path: directory.signingKey).signer()
        let open = {
            try EventLog.openWriter(directory: directory.log, signer: signer, mapSize: 1 << 30, faults: faults)
        }
        let ledger = try Ledger(
            directory, log: open(), secret: OpenLedger.secret(directory), sealing: keys, flushesAt: 1000,
            asideAt: asideAt, mapSize: 1 << 30, reopen: { try open() })
        let sequencer = Sequencer(ledger)
        defer { sequencer.stop() }
        return try await body(sequencer)
    }

    private static func send(
        _ sequencer: Sequencer, _ type: String, _ data: String, id: String, isDryRun: Bool = false
    ) async throws -> AppendAnswer.Outcome {
        var request = AppendRequest([.success(try event(sequencer, type, data, id: id))])
        request.isDryRun = isDryRun
        return try #require(await sequencer.append(request).outcomes.first)
    }

    /// The event as the ingress prepares it now.
    private static func event(
        _ sequencer: Sequencer, _ type: String, _ data: String, id: String, time: String = "2024-02-15T09:00:00Z"
    ) throws -> PreparedEvent {
        let text = """
            {"specversion":"1.0","id":"\(id)","source":"/tests","type":"\(type)","time":"\(time)","data":\(data)}
            """
        return try sequencer.ingress.prepare(Document.parse(Array(text.utf8)).root, authority: "local")
    }

    private static func erasure(_ sequencer: Sequencer, _ user: String) throws -> PreparedEvent {
        try event(
            sequencer, "erasure.requested", #"{"requestId":"E-\#(user)","userId":"\#(user)"}"#, id: "e-" + user)
    }

    private static func named(_ sequencer: Sequencer, _ user: String, id: String) throws -> PreparedEvent {
        try event(
            sequencer, "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"a","name":"N \#(user)"}"#,
            id: id)
    }

    private static func append(
        _ sequencer: Sequencer, _ events: [PreparedEvent], isAtomic: Bool = false, isDryRun: Bool = false
    ) async -> [String] {
        var request = AppendRequest(events.map { .success($0) })
        request.isAtomic = isAtomic
        request.isDryRun = isDryRun
        return await sequencer.append(request).outcomes.map(\.verdict)
    }

    @discardableResult
    private static func erase(_ sequencer: Sequencer, _ user: String) async throws -> String {
        try await append(sequencer, [erasure(sequencer, user)])[0]
    }

    @Test("a key is destroyed before anybody is answered, and by nothing but what is kept")
    func destroyed() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let keys = Keys()
        try await Self.using(directory, keys) { sequencer in
            _ = try await Self.send(
                sequencer, "user.registered", #"{"userId":"U-ali","role":"buyer","area":"a"}"#, id: "u-1")
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
        #expect(keys.asked.sorted() == ["U-ali", "U-sana"])
        #expect(keys.erased == ["U-ali", "U-sana"])
    }

    @Test("a key that cannot be destroyed is tried again with every commit")
    func again() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let keys = Keys()
        try await Self.using(directory, keys) { sequencer in
            keys.fail(true)
            #expect(try await Self.erase(sequencer, "U-ali") == "refused unavailable")
            // It is in the log, and nobody is told so while the key is there.
            #expect(try await Self.erase(sequencer, "U-ali") == "refused unavailable")
            keys.fail(false)
            for id in ["u-1", "u-2"] {
                _ = try await Self.send(
                    sequencer, "user.registered", #"{"userId":"U-x","role":"buyer","area":"a"}"#, id: id)
            }
            #expect(keys.asked == ["U-ali", "U-ali"])
            #expect(try await Self.erase(sequencer, "U-ali") == "exists")
        }
    }

    @Test("an erasure that cannot be made ready is refused alone, and nothing of it is kept", arguments: [0, .max])
    func unwritable(asideAt: Int) async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let keys = Keys()
        try await Self.using(directory, keys, asideAt: asideAt) { sequencer in
            _ = await Self.append(sequencer, [try Self.named(sequencer, "U-ali", id: "u-1")])
            keys.failToPrepare(true)
            let size = sequencer.committed.size
            #expect(try await Self.erase(sequencer, "U-ali") == "refused unavailable")
            #expect(sequencer.committed.size == size)
            #expect(
                await Self.append(
                    sequencer,
                    [
                        try Self.named(sequencer, "U-x", id: "u-2"), try Self.erasure(sequencer, "U-ali"),
                        try Self.named(sequencer, "U-ali", id: "u-3"),
                    ]) == ["appended", "refused unavailable", "appended"])
            #expect(sequencer.committed.size == size + 2)
            let events = [
                try Self.named(sequencer, "U-x", id: "u-4"), try Self.erasure(sequencer, "U-ali"),
                try Self.named(sequencer, "U-x", id: "u-5"),
            ]
            #expect(
                await Self.append(sequencer, events, isAtomic: true)
                    == ["refused atomic", "refused unavailable", "refused atomic"])
            #expect(sequencer.committed.size == size + 2)
            #expect(keys.asked.isEmpty && keys.ready.isEmpty)
            keys.failToPrepare(false)
            #expect(await Self.append(sequencer, events, isAtomic: true) == ["appended", "appended", "appended"])
            #expect(keys.erased == ["U-ali"])
        }
    }

    @Test(
        "a commit that fails leaves the keys, and one of unknown fate that is there destroys them",
        arguments: [FaultyStore.Effect.kept, .lost], [0, .max])
    func failedCommit(_ effect: FaultyStore.Effect, asideAt: Int) async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let (keys, faults) = (Keys(), FaultyStore())
        try await Self.using(directory, keys, asideAt: asideAt, faults: faults) { sequencer in
            _ = await Self.append(sequencer, [try Self.named(sequencer, "U-ali", id: "u-1")])
            faults.fail(.commit, effect: effect, code: EIO)
            #expect(try await Self.erase(sequencer, "U-ali") == "refused unavailable")
            #expect(keys.ready.isEmpty)
            #expect(keys.erased == (effect == .kept ? ["U-ali"] : []))
            #expect(try await Self.erase(sequencer, "U-ali") == (effect == .kept ? "exists" : "appended"))
            #expect(keys.erased == ["U-ali"])
        }
    }

    @Test("many erasures at once are each carried out, and answered only then", arguments: [0, .max])
    func crowd(asideAt: Int) async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let keys = Keys()
        try await Self.using(directory, keys, asideAt: asideAt) { sequencer in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let user = "U-\(number)"
                        let verdict = try? await Self.erase(sequencer, user)
                        #expect(verdict == "appended")
                        #expect(keys.erased.contains(user))
                    }
                }
            }
            #expect(keys.erased.count == 60)
        }
    }

    @Test("what the clock erases is carried out as soon as the keys can be written")
    func clock() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let keys = Keys()
        try await Self.using(directory, keys) { sequencer in
            _ = try await Self.send(
                sequencer, "erasure.requested", #"{"requestId":"later","userId":"U-ali"}"#, id: "e-1")
            keys.failToPrepare(true)
            keys.fail(true)
            func later(_ id: String, user: String, name: String = "") throws -> PreparedEvent {
                try Self.event(
                    sequencer, "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"a"\#(name)}"#, id: id,
                    time: "2024-02-15T09:02:00Z")
            }
            let name = #","name":"Ali""#
            // It is sealed before the clock erases its person, and would be recorded after.
            #expect(await Self.append(sequencer, [try later("u-1", user: "U-ali", name: name)]) == ["refused erased"])
            #expect(await Self.append(sequencer, [try later("u-2", user: "U-x")], isAtomic: true) == ["appended"])
            #expect(keys.erased.isEmpty)
            keys.fail(false)
            #expect(await Self.append(sequencer, [try later("u-3", user: "U-x")]) == ["appended"])
            #expect(keys.erased == ["U-ali"])
        }
    }

    @Test("what was sealed before its person was erased is refused after it, in one request, one commit or two")
    func sealedBefore() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        try await Self.using(directory, Keys()) { sequencer in
            func batch(_ user: String) throws -> [PreparedEvent] {
                [
                    try Self.named(sequencer, user, id: "a-" + user), try Self.erasure(sequencer, user),
                    try Self.named(sequencer, user, id: "b-" + user), try Self.named(sequencer, user, id: "a-" + user),
                ]
            }
            let verdicts = ["appended", "appended", "refused erased", "exists"]
            #expect(await Self.append(sequencer, try batch("U-1"), isDryRun: true) == verdicts)
            let whole = ["refused atomic", "refused atomic", "refused erased", "refused atomic"]
            #expect(await Self.append(sequencer, try batch("U-1"), isAtomic: true, isDryRun: true) == whole)
            #expect(await Self.append(sequencer, try batch("U-1"), isAtomic: true) == whole)
            #expect(await Self.append(sequencer, try batch("U-1")) == verdicts)

            let (erasure, data) = (try Self.erasure(sequencer, "U-2"), try Self.named(sequencer, "U-2", id: "c"))
            async let first = Self.append(sequencer, [erasure])
            _ = await first
            #expect(await Self.append(sequencer, [data]) == ["refused erased"])
        }
    }

    @Test("once erased, a retry is found by what is not personal, and nothing new is taken")
    func retried() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        try await Self.using(directory, Keys()) { sequencer in
            func register(_ id: String, role: String, name: String) async throws -> AppendAnswer.Outcome {
                try await Self.send(
                    sequencer, "user.registered", #"{"userId":"U-ali","role":"\#(role)","area":"a","name":"\#(name)"}"#,
                    id: id)
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
