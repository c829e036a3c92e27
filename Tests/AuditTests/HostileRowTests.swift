import AgentKit
import Engine
import EventLog
import Rules
import TestSupport
import Testing

@Suite("rows that somebody changed", .ownThreads)
struct HostileRowTests {
    @Test("are refused or read, whichever table's they are and whatever bytes are in them")
    func changed() throws {
        var random = SeededGenerator.announced()
        let machine = try ScratchLedger.known.machine
        var tables: Set<String> = []
        for table in machine.tables.tables {
            var rows: [[UInt8]] = []
            table.forEachKey { key in
                if let row = table.encoded(key), !row.isEmpty { rows.append(row) }
                return rows.count < 12
            }
            for row in rows {
                for _ in 0..<60 {
                    var bytes = row
                    for _ in 0..<random.int(in: 1...4) {
                        bytes[random.int(in: 0...bytes.count - 1)] = UInt8(random.int(in: 0...255))
                    }
                    guard let value = table.value(stored: bytes) else { continue }
                    _ = CanonicalValue.bytes(of: value)
                    tables.insert(table.name)
                }
            }
        }
        #expect(tables.count > 20)
    }
}
