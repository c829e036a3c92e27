import Audit
import Engine
import EventLog
import LMDB
import TestSupport
import Testing

@Suite("a dispute bundle of a ledger with views", .ownThreads)
struct DisputeViewsTests {
    private static func bundle(
        _ ledger: ScratchLedger, foldedMax: UInt64, isThreaded: Bool = false
    ) throws -> [UInt8] {
        let subject = DisputeSubject(kind: .complaint, id: "COMP-001")
        let made = try DisputeBundle.make(
            subject, from: ledger.log, foldedMax: foldedMax, isThreaded: isThreaded)
        return try #require(made).bytes
    }

    @Test(
        "is the same, byte for byte, as of the log alone, wherever snapshots lie and views end",
        arguments: [(UInt64(7), 0), (25, 0), (60, 0), (7, 9), (1_000, 9)])
    func same(entries: UInt64, behind: Int) throws {
        let ledger = try ScratchLedger.knownHistory(snapshotsEvery: entries, after: behind)
        let views = try #require(ViewReader.beside(ledger.log, tables: []))
        #expect(behind == 0 || views.position < ledger.log.size)
        #expect(entries > 25 || views.snapshots().count > 2)
        let expected = try KnownDispute.bytes
        #expect(try Self.bundle(ledger, foldedMax: 0) == expected)
        #expect(try Self.bundle(ledger, foldedMax: 0, isThreaded: true) == expected)
        #expect(try Self.bundle(ledger, foldedMax: 8_192) == expected)
    }

    @Test("is the same where views are of another layout, and are not read")
    func otherLayout() throws {
        let ledger = try ScratchLedger.knownHistory(snapshotsEvery: 7)
        var options = Environment.Options()
        options.maxTables = 128
        options.mapSize = 1 << 30
        let environment = try Environment(path: ledger.folder.path + "/views", options: options)
        let write = try environment.write()
        try write.put(try environment.table("meta"), Array("identity".utf8), Array("0\nother".utf8))
        try write.commit()
        #expect(ViewReader.beside(ledger.log, tables: []) == nil)
        #expect(try Self.bundle(ledger, foldedMax: 0) == (try KnownDispute.bytes))
    }

    @Test("finds the stretch in which a row changed: the one behind the snapshot that keeps what it was")
    func stretches() throws {
        let ledger = try ScratchLedger.knownHistory(snapshotsEvery: 7)
        let views = try #require(ViewReader.beside(ledger.log, tables: []))
        let snapshots = views.snapshots()
        #expect(snapshots == snapshots.sorted() && Set(snapshots).count == snapshots.count)
        let row = RowName(table: "complaints", key: "COMP-001")
        let changing = views.snapshots(changing: row)
        try #require(changing.count > 1)
        for (index, start) in snapshots.enumerated() {
            let end = index + 1 < snapshots.count ? snapshots[index + 1] : ledger.log.size
            let (before, after) = (try Replay(ledger.log), try Replay(ledger.log))
            try before.fold(to: .sequence(start - 1))
            try after.fold(to: .sequence(end - 1))
            guard before.record(row.table, row.key) != after.record(row.table, row.key) else { continue }
            #expect(changing.contains(start), "it changed between \(start) and \(end)")
        }
    }

    @Test("holds no cascade that names the order only as the id of its own event")
    func envelopes() throws {
        let ledger = try ScratchLedger.knownHistory()
        let bundle = try BundleText(try Self.bundle(ledger, foldedMax: 0))
        let stranger = try ledger.send(
            """
            {"specversion":"1.0","id":"ORD-001","source":"/tests","type":"wallet.deposited",\
            "data":{"depositId":"D-stranger","userId":"U-ali","amount":100,"currency":"PKR","provider":"bank"}}
            """)
        let after = try BundleText(try Self.bundle(ledger, foldedMax: 0))
        let cascades = after.list("cascades").compactMap { $0["sequence"] as? Int }
        #expect(!cascades.contains(Int(stranger.lowerBound)))
        #expect(cascades == bundle.list("cascades").compactMap { $0["sequence"] as? Int })
    }
}
