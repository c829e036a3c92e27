import Audit
import Engine
import EventLog
import Foundation
import LMDB
import Sodium
import TestSupport
import Testing
import TransparencyLog

/// The past as read from the views' snapshots.
@Suite("as of", .ownThreads)
struct AsOfTests {
    private func state(_ replay: Replay) -> [String] {
        replay.projections.flatMap { name in
            var lines: [String] = []
            replay.records(of: name) { key, record in
                lines.append("\(name) \(key) \(String(decoding: record, as: UTF8.self))")
                return true
            }
            return lines
        }
    }

    @Test("every projection at an entry is what a fold from the first entry gives")
    func projections() throws {
        let ledger = try ScratchLedger.knownHistory(snapshotsEvery: 7)
        let folded = try Replay(ledger.log)
        for sequence in stride(from: 3, to: ledger.log.size, by: 23) {
            try folded.fold(to: .sequence(sequence))
            let past = try Replay.asOf(.sequence(sequence), in: ledger.log)
            #expect(past.position == sequence + 1)
            #expect(state(past) == state(folded), "at \(sequence)")
        }
        let error = #expect(throws: ReplayError.self) { try Replay.asOf(.sequence(ledger.log.size), in: ledger.log) }
        #expect(error?.code == .outOfRange)
    }

    @Test("few entries are folded behind the nearest snapshot")
    func near() throws {
        let ledger = try ScratchLedger.knownHistory(snapshotsEvery: 7)
        for end in 60...ledger.log.size {
            let views = try #require(ViewReader.beside(ledger.log, tables: [], before: end))
            #expect(views.position <= end && end - views.position < 40, "\(views.position) for \(end)")
        }
        #expect(ViewReader.beside(ledger.log, before: 5) == nil)
    }

    @Test("changed rows of the past change what is read and end nothing; `recompute` on one core does not read them")
    func changed() throws {
        let ledger = try ScratchLedger.knownHistory(snapshotsEvery: 7)
        let environment = try ledger.openViews()
        let was = try environment.table("was")
        var keys: [[UInt8]] = []
        var cursor = try environment.read().cursor(was)
        var item = try cursor.first()
        while let found = item {
            keys.append(Array(found.key))
            item = try cursor.next()
        }
        try #require(keys.count > 100)
        let write = try environment.write()
        for (number, key) in keys.enumerated() { try write.put(was, key, [[0], [1, 2, 3], [], [1]][number % 4]) }
        try write.commit()
        for sequence in stride(from: 5, to: ledger.log.size, by: 41) {
            #expect(try Replay.asOf(.sequence(sequence), in: ledger.log).position == sequence + 1)
        }
        #expect(try RecomputeOnTwoCores(ledger.log, viewsOf: DataDirectory(ledger.folder.path)).run(entriesMin: 0).isOK)
    }

    @Test("an explanation is the same, byte for byte, with snapshots and without")
    func explanations() throws {
        let (ledger, bare) = (try ScratchLedger.knownHistory(snapshotsEvery: 7), try ScratchLedger.known)
        #expect(ViewReader.beside(bare.log) == nil)
        let one = try Explainer(bare.log)
        for sequence in stride(from: 0, to: ledger.log.size, by: 23) {
            let expected = try one.explain(sequence)
            let found = try Explainer(ledger.log).explain(sequence)
            #expect(found.json == expected.json && found.text == expected.text, "\(sequence)")
        }
    }
}
