import Audit
import EventLog
import Foundation
import JSON
import Sodium
import TestSupport
import Testing
import TransparencyLog

/// A mirror of logs that are given in turn, whose answers a stranger may change.
private final class GivenSource: MirrorSource {
    var log: EventLog
    var change: (String, [UInt8]?) -> [UInt8]? = { $1 }
    /// The paths that were asked for.
    var asked: [String] = []

    init(_ log: EventLog) { self.log = log }

    func read(_ path: String, bytesMax: Int) throws(MirrorTrouble) -> [UInt8]? {
        asked.append(path)
        let own = path == "checkpoint" ? log.checkpoint.map { Array($0.utf8) } : try? log.tile(at: path)
        let bytes = change(path, own)
        guard bytes?.count ?? 0 <= bytesMax else { throw MirrorTrouble("too long") }
        return bytes
    }
}

/// A copy in a folder of its own.
private final class Copy {
    let folder: TemporaryDirectory
    let source: GivenSource
    private(set) var mirror: Mirror

    init(of log: EventLog, recomputes: Bool = true, demand: WitnessDemand? = nil) throws {
        folder = try TemporaryDirectory("docket-mirror")
        source = GivenSource(log)
        try EventLog.createCopy(directory: folder.file("log"), key: "\(log.verifierKey)")
        mirror = Mirror(
            try EventLog.openCopy(directory: folder.file("log")), from: source, state: folder.file("state"),
            demand: demand, recomputes: recomputes)
    }

    var log: EventLog { mirror.log }

    /// The verdict of a verification of the copy.
    func verdict() async throws -> VerifyResult.Verdict {
        try await Verifier(trusting: "\(log.verifierKey)").run(.log(directory: folder.file("log"))).verdict
    }

    /// The finding of a round; nil if it succeeded.
    func finding() throws -> Mirror.Finding? {
        do { _ = try mirror.round() } catch let finding as Mirror.Finding { return finding }
        return nil
    }

    /// The trouble of a round; nil if it succeeded.
    func trouble() throws -> String? {
        do { _ = try mirror.round() } catch let trouble as MirrorTrouble { return trouble.description }
        return nil
    }
}

@Suite("A mirror", .ownThreads)
struct MirrorTests {
    private static let signer = try! NoteSigner(
        name: "docket.example/audit", key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))

    private func forged(_ edit: (inout ForgedLog) throws -> Void = { _ in }) throws -> EventLog {
        var forged = try ForgedLog(ScratchLedger.known.log)
        try edit(&forged)
        return try forged.signed(isCommittedOften: true)
    }

    /// The log as it was after `count` entries, or a little more.
    private func shortened(to count: Int) throws -> EventLog {
        try forged { forged in
            let end = forged.cascade(of: count).upperBound
            forged.remove(end..<forged.entries.count)
        }
    }

    /// The log with another amount in its first fine.
    private func withOtherFine() throws -> EventLog {
        try forged { forged in
            let place = try #require(forged.places(#""type":"fine.imposed""#).first)
            forged.replace(#""amount":3998,"#, with: #""amount":100,"#, at: place)
        }
    }

    private func entries(_ log: EventLog) throws -> [[UInt8]] {
        var all: [[UInt8]] = []
        try log.scan(from: 0) { _, bytes in
            all.append(Array(bytes))
            return true
        }
        return all
    }

    @Test("copies a log in one round or in several, byte for byte, derives it again, and the copy verifies")
    func copies() async throws {
        let whole = try ScratchLedger.known.log
        let copy = try Copy(of: try shortened(to: 40))
        guard case .grown(let first) = try copy.mirror.round() else { return #expect(Bool(false)) }
        #expect(first > 40 && first < whole.size)
        guard case .unchanged = try copy.mirror.round() else { return #expect(Bool(false)) }
        copy.source.log = try forged()
        guard case .grown(whole.size) = try copy.mirror.round() else { return #expect(Bool(false)) }
        #expect(copy.mirror.derived == whole.size)
        #expect(try entries(copy.log) == entries(whole))
        #expect(try await copy.verdict() == .ok)
        // It goes on after it was opened again, and another writer is refused meanwhile.
        #expect(throws: EventLogError.self) { try EventLog.openCopy(directory: copy.folder.file("log")) }
        #expect(throws: EventLogError.readOnly) { try copy.log.commit(CommitBuffer()) }
    }

    @Test("stops at a fork of the same size, of a larger and of a smaller one, with evidence that holds")
    func forks() throws {
        let key = "\(try ScratchLedger.known.log.verifierKey)"
        let sound = try forged(), other = try withOtherFine()
        let fine = try #require(ForgedLog(ScratchLedger.known.log).places(#""type":"fine.imposed""#).first)
        let part = try shortened(to: fine + 3)
        #expect(part.size < sound.size)
        let cases = [(sound, other), (part, other), (other, part), (other, sound)]
        for (held, offered) in cases {
            let copy = try Copy(of: held, recomputes: false)
            _ = try copy.mirror.round()
            copy.source.log = offered
            let size = copy.log.size
            guard case .fork(let evidence) = try copy.finding() else {
                Issue.record("no fork of \(held.size) and \(offered.size)")
                continue
            }
            let read = try ForkEvidence(evidence.bytes).check(key: key)
            #expect(Set(read.sizes) == [held.size, offered.size])
            #expect(copy.log.size == size)
        }
    }

    @Test("says stale of an older checkpoint that it holds the rest of")
    func stale() throws {
        let copy = try Copy(of: try forged(), recomputes: false)
        _ = try copy.mirror.round()
        copy.source.log = try shortened(to: 40)
        guard case .stale(let size, let held, _) = try copy.finding() else { return #expect(Bool(false)) }
        #expect(size < held && held == copy.log.size)
    }

    @Test("stops where the rules do not give what the operator signed, which it has copied")
    func lies() async throws {
        let copy = try Copy(of: try withOtherFine())
        guard case .differs(let result) = try copy.finding() else { return #expect(Bool(false)) }
        #expect(result.differences.first?.what.contains("/data/amount 3998, not 100") == true)
        #expect(try await copy.verdict() == .ok)
    }

    @Test("names an entry whose link or number the operator signed wrongly, and keeps nothing of it")
    func badEntries() throws {
        for (from, to) in [(#""previoushash":""#, #""previoushash":"x"#), (#""sequence":"0"#, #""sequence":"1"#)] {
            var lines = try entries(ScratchLedger.known.log).map { String(decoding: $0, as: UTF8.self) }
            lines[30] = lines[30].replacingOccurrences(of: from, with: to)
            let folder = try TemporaryDirectory("docket-signed")
            try EventLog.create(
                directory: folder.path, origin: Self.signer.verifierKey.name, verifierKey: Self.signer.verifierKey,
                mapSize: 1 << 30)
            let log = try EventLog.openWriter(directory: folder.path, signer: Self.signer, mapSize: 1 << 30)
            let batch = CommitBuffer()
            for line in lines { batch.append(Array(line.utf8), leafHash(Array(line.utf8))) }
            _ = try log.commit(batch)
            let copy = try Copy(of: log)
            guard case .bad(30, _) = try copy.finding() else { return #expect(Bool(false)) }
            #expect(copy.log.size == 0)
        }
    }

    @Test("keeps nothing of what is not signed, not whole or not there, and goes on once it is right")
    func hostile() throws {
        let copy = try Copy(of: try shortened(to: 40), recomputes: false)
        _ = try copy.mirror.round()
        let held = copy.log.size
        copy.source.log = try forged()
        let stranger = try NoteSigner(name: Self.signer.verifierKey.name, key: SigningKey.generate())
        let foreign = try NoteSigner(name: "other.example/log", key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let whole = Checkpoint(
            origin: Self.signer.verifierKey.name, size: copy.source.log.size,
            root: try copy.source.log.root(size: copy.source.log.size))
        let huge = Checkpoint(origin: whole.origin, size: .max, root: whole.root)
        typealias Change = (String, [UInt8]?) -> [UInt8]?
        func on(_ prefix: String, _ change: @escaping ([UInt8]) -> [UInt8]?) -> Change {
            { path, bytes in path.hasPrefix(prefix) ? change(bytes ?? []) : bytes }
        }
        let changes: [Change] = [
            { _, _ in nil }, { _, _ in [] }, { _, _ in [UInt8](repeating: 0xFF, count: 100_000) },
            on("checkpoint") { Array($0.dropLast()) }, on("checkpoint") { _ in stranger.sign(whole.text) },
            on("checkpoint") { _ in
                foreign.sign(Checkpoint(origin: "other.example/log", size: 3, root: whole.root).text)
            },
            on("checkpoint") { _ in Self.signer.sign(huge.text) }, on("checkpoint") { $0 + $0 },
            on("tile/0") { Array($0.dropLast()) }, on("tile/0") { $0 + [0] }, on("tile/0") { $0.map { $0 ^ 1 } },
            on("tile/0") { _ in nil }, on("tile/entries") { Array($0.dropLast()) }, on("tile/entries") { _ in nil },
            on("tile/entries") { $0 + [0, 1, 65] }, on("tile/entries") { [$0[0], $0[1] &+ 1] + $0.dropFirst(2) },
            on("tile/entries") { bytes in
                var bytes = bytes
                if let last = bytes.indices.last { bytes[last - 1] ^= 1 }
                return bytes
            },
        ]
        for (i, change) in changes.enumerated() {
            copy.source.change = change
            #expect(try copy.trouble() != nil, "change \(i)")
            #expect(copy.log.size == held, "change \(i)")
        }
        copy.source.change = { $1 }
        guard case .grown(copy.source.log.size) = try copy.mirror.round() else { return #expect(Bool(false)) }
    }

    @Test("takes the full tile where the partial one is gone, and keeps the log's own signature line alone")
    func grownTiles() throws {
        let log = try forged()
        let copy = try Copy(of: log, recomputes: false)
        let witness = try NoteSigner(name: "w.example", key: SigningKey.generate(), kind: .cosignature)
        let text = try SignedNote(Array(#require(log.checkpoint).utf8)).text
        copy.source.change = { path, bytes in
            path == "checkpoint" ? bytes.map { $0 + witness.cosign(text, time: 1) } : bytes
        }
        _ = try copy.mirror.round()
        #expect(copy.log.checkpoint == log.checkpoint)
        #expect(copy.source.asked.allSatisfy { $0 == "checkpoint" || $0.hasPrefix("tile/") })
    }

    @Test("waits for the witnesses that it was told to ask for, and keeps their cosignatures")
    func witnessed() throws {
        let log = try shortened(to: 40)
        let witness = try NoteSigner(name: "w.example", key: SigningKey.generate(), kind: .cosignature)
        let demand = try WitnessDemand(
            policy: nil, witnesses: ["\(witness.verifierKey)"], log: "\(log.verifierKey)")
        let copy = try Copy(of: log, recomputes: false, demand: demand)
        #expect(try copy.trouble()?.contains("not witnessed") == true)
        #expect(copy.log.size == 0)
        let text = try SignedNote(Array(#require(log.checkpoint).utf8)).text
        let line = witness.cosign(text, time: 5)
        copy.source.change = { path, bytes in path == "checkpoint" ? bytes.map { $0 + line } : bytes }
        _ = try copy.mirror.round()
        #expect(copy.log.size == log.size)
        let store = CosignatureStore(folder: copy.folder.file("state"), log: copy.log)
        #expect(store.appended(to: try #require(copy.log.checkpoint)).hasSuffix(String(decoding: line, as: UTF8.self)))
    }
}
