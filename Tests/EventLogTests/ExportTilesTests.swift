import EventLog
import Foundation
import TestSupport
import Testing

@Suite("an export of tiles", .ownThreads)
struct ExportTilesTests {
    private func bytes(_ directory: String, _ file: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: directory + "/" + file))
    }

    @Test("is continued where a level's last tile is full, and where it is not")
    func fullTiles() throws {
        let scratch = try ScratchLog()
        try scratch.create()
        let log = try scratch.writer()
        try ScratchLog.fill(log, 65_600)
        let whole = scratch.path + "/whole"
        #expect(try log.exportTiles(to: whole) == 65_600)
        for known: UInt64 in [65_540, 65_536, 65_535, 300] {
            let directory = scratch.path + "/after-\(known)"
            #expect(try log.exportTiles(to: directory, known: known) == 65_600)
            for file in ["checkpoint", "tile/1/000", "tile/2/000.p/1", "tile/0/256.p/64", "tile/entries/256.p/64"] {
                #expect(try bytes(directory, file) == bytes(whole, file), "\(known): \(file)")
            }
        }
    }
}
