import EventLog
import Foundation
import Sodium
import TransparencyLog

/// A log in a folder of its own, removed when it is destroyed.
final class ScratchLog {
    static let origin = "log.example/test"

    let path: String
    let signer: NoteSigner

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        signer = try Self.signer(seed: 5)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func signer(seed: UInt8, name: String = origin) throws -> NoteSigner {
        try NoteSigner(name: name, key: try SigningKey(seed: [UInt8](repeating: seed, count: 32)))
    }

    var directory: String { path + "/log" }

    func create() throws {
        try EventLog.create(
            directory: directory, origin: Self.origin, verifierKey: signer.verifierKey, mapSize: 1 << 30)
    }

    func writer() throws(EventLogError) -> EventLog {
        try EventLog.openWriter(directory: directory, signer: signer, mapSize: 1 << 30)
    }

    /// Entry `i` of every log that a test fills.
    static func entry(_ i: UInt64) -> [UInt8] { Array("entry number \(i)".utf8) }

    static func batch(from: UInt64, count: UInt64) -> CommitBuffer {
        let batch = CommitBuffer()
        for i in from..<(from + count) { batch.append(entry(i), leafHash(entry(i))) }
        return batch
    }

    /// Appends `count` entries in commits of `perCommit`.
    static func fill(_ log: EventLog, _ count: UInt64, perCommit: UInt64 = .max) throws {
        var left = count
        while left > 0 {
            let now = min(left, perCommit)
            _ = try log.commit(batch(from: log.size, count: now))
            left -= now
        }
    }
}
