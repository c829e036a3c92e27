import Audit
import EventLog
import TestSupport
import Testing

@Suite("consistency with a checkpoint of a size that the log never had", .ownThreads)
struct ConsistencyTests {
    /// Reads the proof that one log continues the checkpoint of another, by the last entry that both have.
    private func prove(_ note: String, in log: EventLog) throws -> ConsistencyReading {
        let old = try CheckpointReading(Array(note.utf8))
        let new = try #require(SignedSize(String(log.size)))
        return try ConsistencyReading(from: SignedSize(old), to: new, in: log)
    }

    @Test(
        "the log does not continue it where its entries are others, and has no commit to prove where they are the same")
    func noCommit() throws {
        let known = try ForgedLog(try ScratchLedger.known.log)
        let place = try #require(known.places(#""type":"fine.imposed""#).first)
        let end = known.cascade(of: place).upperBound
        var checkpoint: String?
        let often = try known.signed(isCommittedOften: true)
        try often.checkpoints { size, note in
            if size == UInt64(end) { checkpoint = note }
            return true
        }
        let note = try #require(checkpoint)
        let reading = try prove(note, in: often)
        #expect(!reading.hashes.isEmpty)

        // One commit for all, so that none has the size.
        #expect(throws: EventLogError.noCommit(size: UInt64(end))) { try prove(note, in: try known.signed()) }
        var forged = known
        forged.replace(#""amount":3998,"#, with: #""amount":100,"#, at: place)
        do {
            _ = try prove(note, in: try forged.signed())
            Issue.record("another fine continues the checkpoint")
        } catch let error as ReadingError {
            #expect("\(error)".contains("does not continue the checkpoint of \(end) entries"), "\(error)")
        }
    }
}
