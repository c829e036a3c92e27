import EventLog
import Testing
import TransparencyLog

@Suite("appending and reading")
struct AppendTests {
    let scratch: ScratchLog

    init() throws {
        scratch = try ScratchLog()
        try scratch.create()
    }

    @Test("an empty log has the genesis hash as its head and no checkpoint")
    func empty() throws {
        let log = try scratch.writer()
        #expect(log.size == 0)
        #expect(log.headHash == genesisHash(origin: ScratchLog.origin))
        #expect(log.checkpoint == nil)
        #expect(try log.entry(0) == nil)
        #expect(throws: EventLogError.empty) { try log.receipt(0) }
        #expect(throws: EventLogError.empty) { try log.exportNDJSON(to: scratch.path + "/out") }
    }

    @Test("a commit returns a checkpoint of all entries, signed by the log's key")
    func commit() throws {
        let log = try scratch.writer()
        let note = try log.commit(ScratchLog.batch(from: 0, count: 3))
        let checkpoint = try Checkpoint.open(Array(note.utf8), key: scratch.signer.verifierKey)
        #expect(checkpoint.size == 3)
        let leaves = (0..<3).map { leafHash(ScratchLog.entry($0)) }
        #expect(checkpoint.root == nodeHash(nodeHash(leaves[0], leaves[1]), leaves[2]))
        #expect(log.headHash == leaves[2])
        #expect(log.checkpoint == note)
        #expect(try log.entry(1) == ScratchLog.entry(1))
        #expect(try log.entry(3) == nil)
    }

    @Test("the log is the same however its entries are divided into commits", arguments: [1, 7, 256, 300, 700])
    func division(_ perCommit: UInt64) throws {
        let log = try scratch.writer()
        try ScratchLog.fill(log, 700, perCommit: perCommit)
        var tree = TreeAppender()
        for i: UInt64 in 0..<700 { tree.append(leafHash(ScratchLog.entry(i))) { _, _, _ in } }
        let note = try #require(log.checkpoint)
        #expect(try Checkpoint.open(Array(note.utf8), key: scratch.signer.verifierKey).root == tree.root())
        #expect(try log.root(size: 700) == tree.root())
        #expect(try log.tile(level: 0, index: 2).count == 700 - 512)
        #expect(try log.tile(level: 1, index: 0).count == 2)
        #expect(try log.tile(level: 2, index: 0).isEmpty)
    }

    @Test("a log opened again goes on where it was")
    func reopen() throws {
        func first() throws -> (String?, Hash256) {
            let log = try scratch.writer()
            try ScratchLog.fill(log, 300, perCommit: 100)
            return (log.checkpoint, log.headHash)
        }
        let (checkpoint, head) = try first()
        let log = try scratch.writer()
        #expect(log.size == 300)
        #expect(log.checkpoint == checkpoint)
        #expect(log.headHash == head)
        try ScratchLog.fill(log, 300, perCommit: 77)
        let note = try #require(log.checkpoint)
        #expect(try Checkpoint.open(Array(note.utf8), key: scratch.signer.verifierKey).root == log.root(size: 600))
    }

    @Test("a scan gives every entry of its range in order and stops when told")
    func scan() throws {
        let log = try scratch.writer()
        try ScratchLog.fill(log, 20)
        var seen: [UInt64] = []
        try log.scan(from: 5, to: 9) { sequence, bytes in
            #expect(Array(bytes) == ScratchLog.entry(sequence))
            seen.append(sequence)
            return true
        }
        #expect(seen == [5, 6, 7, 8])
        seen = []
        try log.scan(from: 18) { sequence, _ in
            seen.append(sequence)
            return true
        }
        #expect(seen == [18, 19])
        var count = 0
        try log.scan(from: 0) { _, _ in
            count += 1
            return count < 3
        }
        #expect(count == 3)
    }

    @Test("every commit's checkpoint is kept and found by size and by entry")
    func checkpoints() throws {
        let log = try scratch.writer()
        try ScratchLog.fill(log, 30, perCommit: 10)
        var sizes: [UInt64] = []
        try log.checkpoints { size, note in
            #expect((try? Checkpoint.open(Array(note.utf8), key: scratch.signer.verifierKey).size) == size)
            sizes.append(size)
            return true
        }
        #expect(sizes == [10, 20, 30])
        #expect(try log.checkpoint(covering: 9)?.contains("\n10\n") == true)
        #expect(try log.checkpoint(covering: 10)?.contains("\n20\n") == true)
        #expect(try log.checkpoint(covering: 30) == nil)
    }

    @Test("a reader sees each commit of a writer beside it after it looks again")
    func reader() throws {
        let log = try scratch.writer()
        let reader = try EventLog.openReader(directory: scratch.directory)
        #expect(reader.size == 0)
        try ScratchLog.fill(log, 2)
        try reader.refresh()
        #expect(reader.size == 2)
        #expect(reader.headHash == log.headHash)
        #expect(reader.checkpoint == log.checkpoint)
        #expect(reader.origin == ScratchLog.origin)
        #expect(try reader.receipt(1) == log.receipt(1))
        #expect(throws: EventLogError.readOnly) { try reader.commit(ScratchLog.batch(from: 2, count: 1)) }
    }

    @Test("receipts and consistency proofs of every place verify")
    func proofs() throws {
        let log = try scratch.writer()
        try ScratchLog.fill(log, 600, perCommit: 100)
        for sequence: UInt64 in stride(from: 0, to: 600, by: 37) {
            let receipt = try TLogProof(Array(try log.receipt(sequence).utf8))
            let checkpoint = try receipt.verify(
                leaf: leafHash(ScratchLog.entry(sequence)), key: scratch.signer.verifierKey)
            #expect(checkpoint.size == 600)
            let proof = try log.consistency(from: sequence, to: 599)
            try proof.verify(from: sequence, try log.root(size: sequence), to: 599, try log.root(size: 599))
        }
        let request = try log.consistencyRequest(from: 100, to: 600)
        #expect(request.oldSize == 100)
        try request.proof.verify(from: 100, try log.root(size: 100), to: 600, try log.root(size: 600))
        for size: UInt64 in [0, 1, 99, 700] {
            #expect(throws: EventLogError.noCommit(size: size)) { try log.consistencyRequest(from: size, to: 600) }
        }
        #expect(throws: EventLogError.outOfRange(sequence: 600, size: 600)) { try log.receipt(600) }
        #expect(throws: EventLogError.outOfRange(sequence: 601, size: 600)) { try log.consistency(from: 1, to: 601) }
    }

    @Test("an entry of 65,535 bytes is stored and read back")
    func largest() throws {
        let entry = [UInt8](repeating: 7, count: LogFormat.entryBytesMax)
        let batch = CommitBuffer()
        batch.append(entry, leafHash(entry))
        let log = try scratch.writer()
        _ = try log.commit(batch)
        #expect(try log.entry(0) == entry)
    }

    @Test("a buffer cut back holds what it held before, and an emptied one nothing")
    func buffer() {
        let batch = ScratchLog.batch(from: 0, count: 5)
        batch.truncate(to: 7)
        #expect(batch.count == 5)
        batch.truncate(to: 2)
        #expect(batch.count == 2)
        #expect(batch.bytesCount == ScratchLog.entry(0).count + ScratchLog.entry(1).count)
        #expect(batch.withEntry(1) { Array($0) } == ScratchLog.entry(1))
        #expect(batch.leafHash(1) == leafHash(ScratchLog.entry(1)))
        batch.truncate(to: 0)
        #expect(batch.bytesCount == 0)
        batch.append([1], Hash256())
        batch.removeAll()
        #expect(batch.count == 0)
    }

    @Test("a copy made beside the writer is a log of its own")
    func copy() throws {
        let log = try scratch.writer()
        try ScratchLog.fill(log, 3)
        let other = try ScratchLog()
        try log.copy(to: other.path)
        #expect(try EventLog.openReader(directory: other.path).checkpoint == log.checkpoint)
    }
}
