import EventLog
import Foundation
import LMDB
import Testing
import TransparencyLog

@Suite("failing commits")
struct FaultTests {
    let scratch: ScratchLog
    let faults = FaultyStore()
    let log: EventLog

    init() throws {
        scratch = try ScratchLog()
        try scratch.create()
        log = try EventLog.openWriter(
            directory: scratch.directory, signer: scratch.signer, mapSize: 1 << 30, faults: faults)
        try ScratchLog.fill(log, 5)
    }

    func failure() -> EventLogError? {
        do throws(EventLogError) { _ = try log.commit(ScratchLog.batch(from: log.size, count: 3)) } catch {
            return error
        }
        return nil
    }

    /// Retries the commit that failed and expects a whole log.
    func goesOn() throws {
        #expect(log.size == 5)
        #expect(failure() == nil)
        #expect(log.size == 8)
        let note = try #require(log.checkpoint)
        #expect(try Checkpoint.open(Array(note.utf8), key: scratch.signer.verifierKey).root == log.root(size: 8))
    }

    @Test("a put that fails leaves nothing, and the log goes on", arguments: 1...5, [FaultyStore.Effect.kept, .lost])
    func put(_ occurrence: Int, _ effect: FaultyStore.Effect) throws {
        faults.fail(.put, occurrence: occurrence, effect: effect, code: EIO)
        guard case .storage(let error) = failure() else {
            Issue.record("not a storage error")
            return
        }
        #expect(error.operation == "put")
        #expect(error.raw == EIO)
        try goesOn()
    }

    @Test("a begin that fails leaves nothing, and the log goes on")
    func begin() throws {
        faults.fail(.begin, effect: .lost, code: ENOMEM)
        #expect(failure() == .storage(LMDBError(ENOMEM, "begin")))
        try goesOn()
    }

    @Test("a commit lost to a full disk leaves nothing, and the log goes on")
    func fullDisk() throws {
        faults.fail(.commit, effect: .lost, code: ENOSPC)
        #expect(failure() == .storage(LMDBError(ENOSPC, "commit")))
        try goesOn()
    }

    @Test(
        "a commit that failed otherwise must be read back: the log says so until it is opened again",
        arguments: [
            FaultyStore.Effect.kept, .lost,
        ])
    func unknown(_ effect: FaultyStore.Effect) throws {
        let scratch = try ScratchLog()
        try scratch.create()
        func fail() throws {
            let log = try EventLog.openWriter(
                directory: scratch.directory, signer: scratch.signer, mapSize: 1 << 30, faults: faults)
            try ScratchLog.fill(log, 5)
            faults.fail(.commit, effect: effect, code: EIO)
            let expected = EventLogError.mustReopen(LMDBError(EIO, "commit"))
            #expect(throws: expected) { try log.commit(ScratchLog.batch(from: 5, count: 3)) }
            #expect(throws: expected) { try log.commit(ScratchLog.batch(from: 5, count: 3)) }
            #expect(log.size == 5)
        }
        try fail()
        let log = try scratch.writer()
        #expect(log.size == (effect == .kept ? 8 : 5))
        try ScratchLog.fill(log, 4)
        let note = try #require(log.checkpoint)
        #expect(try Checkpoint.open(Array(note.utf8), key: scratch.signer.verifierKey).root == log.root(size: log.size))
    }

    @Test("a full disk that kept the commit after all must be read back too")
    func fullDiskKept() throws {
        faults.fail(.commit, effect: .kept, code: ENOSPC)
        #expect(failure() == .mustReopen(LMDBError(ENOSPC, "commit")))
    }

    @Test("a full map leaves nothing, says so, and a larger map takes the entries")
    func fullMap() throws {
        let scratch = try ScratchLog()
        try EventLog.create(
            directory: scratch.directory, origin: ScratchLog.origin, verifierKey: scratch.signer.verifierKey,
            mapSize: 1 << 20)
        let batch = CommitBuffer()
        let entry = [UInt8](repeating: 1, count: 60_000)
        for _ in 0..<30 { batch.append(entry, leafHash(entry)) }
        func fail() throws {
            let log = try EventLog.openWriter(directory: scratch.directory, signer: scratch.signer, mapSize: 1 << 20)
            let error = #expect(throws: EventLogError.self) { try log.commit(batch) }
            guard case .storage(let storage) = error else {
                Issue.record("not a storage error")
                return
            }
            #expect(storage.code == .mapFull)
            #expect(log.size == 0)
            try ScratchLog.fill(log, 1)
        }
        try fail()
        let log = try scratch.writer()
        #expect(log.size == 1)
        _ = try log.commit(batch)
        #expect(log.size == 31)
    }
}
