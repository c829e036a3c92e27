import AgentKit
import EventLog
import Rules
import TestSupport
import Testing

@testable import Engine

/// Bytes in `views/` that this program did not write.
@Suite("views that somebody wrote")
struct HostileViewTests {
    @Test("the row behind a long key is found where the key is not UTF-8, and where its length is written at length")
    func longKeys() {
        #expect(ViewKey.unwrapped([4, 0xFF, 0xFE, 0xFF, 0xFE, 1, 2]) == [1, 2])
        #expect(ViewKey.unwrapped([0x82, 0x00, 0x61, 0x62, 7]) == [7])
        #expect(ViewKey.unwrapped([0xFF, 0xFF]) == [0xFF, 0xFF])
        #expect(ViewKey.unwrapped([]) == [])
        for count in [0, 1, 480, 481, 511] {
            let key = [UInt8](repeating: 0xFE, count: count)
            _ = key.withUnsafeBytes { key in [0xFF as UInt8].withUnsafeBytes { ViewKey.key(key, $0) } }
        }
    }

    @Test("a snapshot mark behind all logs is never followed by another, and nothing is added to it")
    func marks() {
        let set = TableSet()
        var marks = SnapshotMarks(every: 16)
        for newest: UInt64 in [.max, .max - 1, 0] {
            marks.restore(newest, set)
            #expect(!marks.isDue(at: 5))
            #expect(marks.isDue(at: 16) == (newest == 0))
        }
        #expect(ViewMark(Array("99999999999999999999 x".utf8)) == nil)
        #expect(ViewMark(Array("-1 x".utf8)) == nil)
    }

    @Test("rows of every table with random bytes in them are refused or read")
    func rows() async throws {
        var random = SeededGenerator.announced()
        let settings = LedgerSettings(origin: "docket.example/tests", verifierKey: "", clock: .events)
        let machine = Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin))
        for table in machine.tables.tables {
            for _ in 0..<300 {
                guard let value = table.value(stored: random.bytes(random.int(in: 0...48))) else { continue }
                _ = CanonicalValue.bytes(of: value)
            }
        }
    }
}
