import Audit
import Engine
import EventLog
import Foundation
import LMDB
import TestSupport
import Testing

/// Recomputation that begins at a snapshot of the views, alone and as the second part beside another.
@Suite("recomputation from a snapshot", .ownThreads)
struct RecomputeSnapshotTests {
    /// The program that was built beside the tests.
    private static let docket: String = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("docket").path
    }()

    /// Read by several tests, changed by none.
    nonisolated(unsafe) private static let sound = Result { try ScratchLedger.knownHistory(snapshotsEvery: 7) }
    private static let soundOnOneCore = Result {
        let ledger = try sound.get()
        return try RecomputeOnTwoCores(ledger.log, viewsOf: DataDirectory(ledger.folder.path)).run(cores: 1)
    }

    private func onTwoCores(_ ledger: ScratchLedger, _ program: String?) throws -> RecomputeResult {
        try RecomputeOnTwoCores(ledger.log, viewsOf: DataDirectory(ledger.folder.path), program: program)
            .run(cores: 2, entriesMin: 0)
    }

    /// A shell script that notes in `calls` that it was called, and goes on as told.
    private func script(_ body: String, in folder: TemporaryDirectory) throws -> String {
        let path = folder.file("program")
        try Data("#!/bin/sh\necho \"$@\" >> '\(folder.file("calls"))'\n\(body)\n".utf8).write(
            to: URL(fileURLWithPath: path + ".text"))
        // Written by another process: one that is started beside this could still hold the file open for writing.
        let copying = try ChildProcess(
            "/usr/bin/install", ["-m", "755", path + ".text", path], in: folder.path,
            output: .file(folder.file("out")), messages: .file(folder.file("err")))
        try #require(copying.wait() == 0)
        return path
    }

    private func calls(in folder: TemporaryDirectory) -> String {
        (try? String(contentsOfFile: folder.file("calls"), encoding: .utf8)) ?? ""
    }

    @Test("from any snapshot on everything is derived as it is recorded, and every row of the views is compared")
    func anywhere() throws {
        let ledger = try Self.sound.get()
        let rows = try Self.soundOnOneCore.get().views?.count
        for start in stride(from: ledger.log.size / 3, to: ledger.log.size, by: Int(ledger.log.size / 4)) {
            let snapshot = try #require(ViewReader.beside(ledger.log, before: start))
            let views = try #require(
                try StoredViews.open(DataDirectory(ledger.folder.path), origin: ledger.log.origin))
            let result = try Recompute(ledger.log, from: snapshot, views: views).run()
            #expect(result.isOK && result.first == snapshot.position, "\(start): \(result.text)")
            #expect(result.text.contains("from entry \(snapshot.position) on"))
            #expect(result.json.contains(#""from":\#(snapshot.position)"#))
            #expect(result.views?.count == rows)
        }
    }

    @Test("before the first snapshot there is nothing to begin at")
    func tooEarly() throws {
        let ledger = try Self.sound.get()
        let directory = DataDirectory(ledger.folder.path)
        let error = #expect(throws: ReplayError.self) {
            try RecomputeOnTwoCores(ledger.log, viewsOf: directory).run(from: 5)
        }
        #expect(error?.code == .outOfRange)
    }

    @Test("the part behind a snapshot counts where another process finds it sound")
    func spawned() throws {
        let ledger = try Self.sound.get()
        let folder = try TemporaryDirectory("recompute")
        let result = try onTwoCores(ledger, try script(#"exec '\#(Self.docket)' "$@""#, in: folder))
        let alone = try Self.soundOnOneCore.get()
        #expect(alone.isOK && result.json == alone.json && result.text == alone.text)
        #expect(calls(in: folder).hasPrefix("recompute --data "))
        // What it says is taken from it, and not derived once more.
        let last = ledger.log.size
        let liar = try script(
            #"echo "{\"entries\":\#(last),\"from\":$5,\"verdict\":\"OK\",\"views\":{\"position\":\#(last),\"rows\":7}}""#,
            in: folder)
        #expect(try onTwoCores(ledger, liar).views?.count == 7)
    }

    @Test(
        "whatever else that process says or does, everything is derived without it",
        arguments: [
            "exit 1", "kill -SEGV $$", "echo garbage", "echo '{}'", "yes", "exec /nonexistent",
            #"echo "{\"entries\":1,\"from\":$5,\"verdict\":\"OK\",\"views\":null}""#,
            #"echo "{\"entries\":1,\"from\":$5,\"verdict\":\"OK\",\"views\":null}"; exit 1"#,
        ])
    func unsound(_ body: String) throws {
        let ledger = try Self.sound.get()
        let folder = try TemporaryDirectory("recompute")
        let result = try onTwoCores(ledger, try script(body, in: folder))
        #expect(result.json == (try Self.soundOnOneCore.get().json))
        #expect(!calls(in: folder).isEmpty)
    }

    @Test("a program that is not there is done without")
    func missing() throws {
        let ledger = try Self.sound.get()
        #expect(try onTwoCores(ledger, "/nonexistent").json == Self.soundOnOneCore.get().json)
    }

    @Test("rows of the snapshot that somebody changed are named, and nothing is decided by them")
    func changedSnapshot() throws {
        let ledger = try ScratchLedger.knownHistory(snapshotsEvery: 7)
        let environment = try ledger.openViews()
        let was = try environment.table("was")
        var cursor = try environment.read().cursor(was)
        let write = try environment.write()
        var item = try cursor.first()
        while let found = item {
            if unsafe found.value.count > 8 {
                var value = unsafe Array(found.value)
                value[value.count - 1] ^= 1
                try write.put(was, unsafe Array(found.key), value)
            }
            item = try cursor.next()
        }
        try write.commit()
        let result = try onTwoCores(ledger, Self.docket)
        #expect(!result.isOK && result.differencesCount == 0)
        let rows = try #require(result.views?.different)
        #expect(!rows.isEmpty && rows.allSatisfy { $0.table.contains(", as of ") }, "\(rows.first.debugDescription)")
        #expect(result.text.contains("as of "))
    }
}
