import EventLog
import Foundation
import Sodium
import TestSupport
import Testing
import TransparencyLog

@Suite("A log that was signed with other decisions than the rules give", .ownThreads)
struct ForgedLogTests {
    /// The known history with the amount of the first fine changed, chained and signed anew with the ledger's own key.
    private static func ledger() throws -> (ledger: TestLedger, fine: Int) {
        let ledger = try TestLedger(isFixed: true)
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        var previous: [UInt8]?
        var fine: Int?
        let batch = CommitBuffer()
        for (sequence, line) in try ledger.exportedLog().split(separator: "\n").enumerated() {
            var text = String(line)
            if let hash = previous.map({ EntryChain.hashText(of: $0) }) {
                text.replace(/"previoushash":"[^"]*"/, with: #""previoushash":"\#(hash)""#)
            }
            if fine == nil, text.contains(#""type":"fine.imposed"}"#) {
                fine = sequence
                text.replace(#""amount":3998"#, with: #""amount":3997"#)
            }
            let bytes = Array(text.utf8)
            batch.append(bytes, leafHash(bytes))
            previous = bytes
        }
        let signer = try NoteSigner(name: TestLedger.origin, key: SigningKey(seed: (0..<32).map { UInt8($0) }))
        let log = ledger.data + "/log"
        try FileManager.default.removeItem(atPath: log)
        try EventLog.create(
            directory: log, origin: TestLedger.origin, verifierKey: signer.verifierKey, mapSize: 1 << 30)
        _ = try EventLog.openWriter(directory: log, signer: signer, mapSize: 1 << 30).commit(batch)
        return (ledger, try #require(fine))
    }

    @Test("verifies, and yet `explain` ends with 1 and says where the rules differ")
    func explain() throws {
        let (ledger, fine) = try Self.ledger()
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
        let forged = try ledger.run("explain", String(fine))
        #expect(forged.status == 1, "\(forged.messages)")
        #expect(forged.output.contains("NOT what the rules give"))
        #expect(forged.messages.contains("#\(fine)"), "\(forged.messages)")
        let json = try ledger.run("explain", String(fine), "--json")
        #expect(json.status == 1)
        #expect(json.output.contains(#""recomputed":false"#))
        #expect(try ledger.run("explain", "40").status == 0)
    }
}
