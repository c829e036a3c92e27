import AgentKit
import Engine
import EventLog
import Foundation
import JSON
import LMDB
import Rules
import Sodium
import TestSupport
import TransparencyLog

/// A ledger on disk in a folder of its own, on the events' clock, with one commit per event, as an idle service makes
/// them.
final class ScratchLedger {
    let folder: TemporaryDirectory
    let log: EventLog
    let machine: Machine
    private let ingress: Ingress
    private let ruleSet: RuleSet
    private var sent = 0

    init(_ files: [RuleFile]) throws {
        folder = try TemporaryDirectory("docket-audit")
        let origin = "docket.example/audit"
        let signer = try NoteSigner(name: origin, key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let path = folder.file("log")
        try EventLog.create(directory: path, origin: origin, verifierKey: signer.verifierKey, mapSize: 1 << 30)
        log = try EventLog.openWriter(directory: path, signer: signer, mapSize: 1 << 30)
        let settings = LedgerSettings(
            origin: origin, verifierKey: signer.verifierKey.description, clock: .events)
        machine = Machine(settings: settings, history: CommittedHistory(log), chain: log.nextChain)
        ruleSet = try RuleSet.load(files: files, host: machine.ruleHost)
        ingress = Ingress(ruleSet: ruleSet, origin: settings.origin, sealing: Stamped())
    }

    convenience init(_ rules: [String: String]) throws {
        try self.init(rules.map { RuleFile(name: $0.key, text: $0.value) })
    }

    /// Appends an event as a producer sends it, with everything that follows from it, and commits. Nobody asks whether
    /// the service would let it in.
    @discardableResult
    func send(
        _ json: String, by authority: String = "local", mayMoveClock: Bool = true, forge: ((String) -> String)? = nil
    ) throws -> Range<UInt64> {
        let first = machine.next.value
        let event = try ingress.prepare(Document.parse(Array(json.utf8)).root, authority: authority)
        let time = try machine.time(of: event, now: Instant(milliseconds: 0), mayMoveClock: mayMoveClock)
        if machine.isEmpty { machine.begin(with: ruleSet, at: time) }
        while machine.fireNext(by: time) != nil {}
        _ = machine.append(event, at: time)
        machine.commitUndoLog()
        let chain = machine.takeChain()
        _ = try log.commit(forge.map { Self.forged(chain, $0) } ?? chain.batch)
        return first..<machine.next.value
    }

    @discardableResult
    func send(_ type: String, _ data: String, at time: String? = nil, subject: String? = nil) throws -> Range<UInt64> {
        sent += 1
        let time = time.map { #","time":"\#($0)""# } ?? ""
        let subject = subject.map { #","subject":"\#($0)""# } ?? ""
        return try send(
            #"{"specversion":"1.0","id":"e-\#(sent)","source":"/tests","type":"\#(type)"\#(time)\#(subject),"data":\#(data)}"#
        )
    }

    /// Puts rule files in force at a time, and commits.
    func activate(_ files: [RuleFile], at text: String, by authority: String = "local") throws {
        let time = Instant(rfc3339: text)!
        while machine.fireNext(by: time) != nil {}
        let kept = machine.keptTables(at: time)
        let next = try RuleSet.load(files: files, host: machine.ruleHost(keeping: kept))
        machine.activate(next, at: time, by: authority, effectiveFrom: nil)
        machine.commitUndoLog()
        _ = try log.commit(machine.takeChain().batch)
    }

    /// The same entries with the texts that `forge` makes of them, as a lying operator would write them.
    private static func forged(_ chain: EntryChain, _ forge: (String) -> String) -> CommitBuffer {
        let batch = CommitBuffer()
        for index in 0..<chain.count {
            let text = chain.withEntry(index) { String(decoding: $0, as: UTF8.self) }
            let bytes = Array(forge(text).utf8)
            batch.append(bytes, bytes.withUnsafeBytes { leafHash($0) })
        }
        return batch
    }

    /// The sequences of all entries of a type.
    func sequences(of type: String) throws -> [UInt64] {
        var found: [UInt64] = []
        try log.scan(from: 0) { sequence, bytes in
            if let document = try? Document(canonical: bytes), document.root["type"]?.string == type {
                found.append(sequence)
            }
            return true
        }
        return found
    }

    /// Stands in for the keys of persons.
    private struct Stamped: Sealing {
        func prepareErasure(of persons: [String]) -> Bool { true }
        func erase(_ persons: [String]) -> [String] { [] }
        func abandonErasure() {}

        func seal(
            _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
        ) throws(Problem) -> (commitment: String, sealed: String) {
            let text = EntryChain.hashText(of: Array((userId + id + pointer).utf8))
            return (text, text)
        }
    }
}

extension ScratchLedger {
    /// The rules of the repository.
    static func repositoryRules() throws -> [RuleFile] { try DataDirectory.ruleFiles(in: repository + "/rules") }

    /// The root of the repository.
    static let repository: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// A ledger that has played the marketplace's known history; tests only read it.
    static var known: ScratchLedger { get throws { try knownOnce.get() } }

    nonisolated(unsafe) private static let knownOnce = Result { try knownHistory() }

    /// A new ledger that has played it.
    static func knownHistory() throws -> ScratchLedger {
        let ledger = try ScratchLedger(try repositoryRules())
        for line in try knownEvents() { try ledger.send(line) }
        return ledger
    }

    /// A new ledger that has played it, and its views with a snapshot every few entries.
    /// - Parameter last: the number of events that come after the views were written.
    static func knownHistory(snapshotsEvery entries: UInt64, after last: Int = 0) throws -> ScratchLedger {
        let ledger = try ScratchLedger(try repositoryRules())
        let events = try knownEvents()
        for line in events.dropLast(last) { try ledger.send(line) }
        try ledger.writeViews(snapshotsEvery: entries)
        for line in events.suffix(last) { try ledger.send(line) }
        return ledger
    }

    private static func knownEvents() throws -> [String] {
        let text = try String(contentsOfFile: repository + "/fixtures/known-history.ndjson", encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    /// Opens the views so that a test can change them.
    func openViews() throws -> Environment {
        var options = Environment.Options()
        options.maxTables = 128
        options.mapSize = 1 << 30
        return try Environment(path: folder.path + "/views", options: options)
    }

    /// Writes views beside the log, as a service does.
    func writeViews(snapshotsEvery entries: UInt64) throws {
        let directory = DataDirectory(folder.path)
        let key = KeyFile(path: directory.signingKey)
        try key.create(name: log.origin, key: SigningKey(seed: [UInt8](repeating: 7, count: 32)))
        let settings = LedgerSettings(origin: log.origin, verifierKey: log.verifierKey.description, clock: .events)
        try directory.write(
            DataDirectory.Initial(settings: settings, ruleFiles: try ScratchLedger.repositoryRules()))
        let opened = try Ledger(
            directory, log: log, secret: ViewSecret(key.key(for: ViewSecret.purpose)), flushesAt: 25,
            snapshotsEvery: entries, mapSize: 1 << 30, reopen: { self.log })
        opened.close()
    }
}

/// Returns true if bytes are JSON in canonical form.
func isCanonical(_ json: [UInt8]) -> Bool { json.withUnsafeBytes { Document.isCanonical($0) } }
