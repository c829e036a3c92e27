import Foundation
import TestSupport
import Testing
import TransparencyLog

@Suite("tile vectors")
struct TileVectorTests {
    struct Paths: Decodable {
        struct Parse: Decodable {
            let level, index: String
            let valid: Bool
            let wantLevel, wantIndex: UInt64?
            let wantWidth: Int?
        }
        struct Tile: Decodable {
            let level: Int
            let index: UInt64
            let p: Int
            let path: String
        }
        struct Entries: Decodable {
            let seq, logSize: UInt64
            let path: String
        }
        let parse: [Parse]
        let encodeTile: [Tile]
        let encodeEntries: [Entries]
    }

    @Test("every tile path is read, refused or written as it says")
    func paths() throws {
        guard let cases = try Cases.read(Paths.self, "tlog-tiles/path_cases.json") else { return }
        for item in cases.parse {
            let path = TilePath(level: item.level, index: item.index)
            #expect((path != nil) == item.valid, "\(item.level) \(item.index)")
            guard let path else { continue }
            #expect(path.content == .hashes(level: Int(item.wantLevel ?? 0)))
            #expect(path.index == item.wantIndex)
            #expect(path.width == (item.wantWidth == 0 ? 256 : item.wantWidth))
            #expect(path.path == "tile/\(item.level)/\(item.index)")
        }
        for item in cases.encodeTile {
            let path = TilePath(.hashes(level: item.level), index: item.index, width: item.p == 0 ? 256 : item.p)
            #expect(path.path == item.path)
            #expect(TilePath(item.path) == path)
        }
        for item in cases.encodeEntries {
            let path = TilePath(entry: item.seq, size: item.logSize)
            #expect(path.path == item.path)
            #expect(TilePath(item.path) == path)
        }
    }

    @Test(
        "a path with other groups than needed, or of another kind, is refused",
        arguments: [
            "tile/0/x000/001", "tile/00/001", "tile/x/001", "tile/0/001.p/0", "tile/0/001.p/01", "tile/0/001.p/256",
            "tile/0/",
            "tile/0", "tiles/0/001", "tile/0/001/", "tile/0/01", "tile/0/1", "tile//001", "tile/0/001.p/+1", "",
        ])
    func badPaths(_ path: String) { #expect(TilePath(path) == nil) }

    /// The published tile with at least `width` hashes.
    static func tile(_ root: String, _ level: Int, _ index: UInt64, _ width: Int) throws -> [Hash256] {
        for width in [256] + Array(width..<256) {
            let path = root + "/" + TilePath(.hashes(level: level), index: index, width: width).path
            guard let bytes = try? Cases.file(path) else { continue }
            return stride(from: 0, to: bytes.count, by: 32).compactMap { Hash256(Array(bytes[$0..<($0 + 32)])) }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    @Test("every published log's tiles give the roots of its signed checkpoints")
    func roots() throws {
        guard let all = Vectors.directory("tlog-tiles") else { return }
        var checked = 0
        for log in try FileManager.default.contentsOfDirectory(atPath: all) {
            let root = all + "/" + log
            guard let text = try? Cases.file(root + "/vkey.txt"), let line = Cases.lines(text).first else { continue }
            let key = try VerifierKey(line)
            for name in try FileManager.default.contentsOfDirectory(atPath: root) where name.hasPrefix("checkpoint") {
                let note = try SignedNote(try Cases.file(root + "/" + name))
                _ = try note.verify([key])
                let checkpoint = try Checkpoint(text: note.text)
                var nodes = TileNodes { (level: Int, index: UInt64, width: Int) throws(any Error) in
                    try Self.tile(root, level, index, width)
                }
                let found = try Subtree.root(size: checkpoint.size) { level, index throws(any Error) in
                    try nodes.node(level, index)
                }
                #expect(found == checkpoint.root, "\(log)/\(name)")
                checked += 1
            }
        }
        #expect(checked > 0)
    }

    @Test("the appender makes the published tiles from the published leaves")
    func appender() throws {
        guard let root = Vectors.directory("tlog-tiles/sunlight-mirror-300") else { return }
        var tree = TreeAppender()
        var full: [Hash256] = []
        for i in 0..<300 { tree.append(leafHash(Array("record \(i)".utf8))) { _, _, hashes in full = hashes } }
        #expect(full == (try Self.tile(root, 0, 0, 256)))
        var partial: [(Int, UInt64, [Hash256])] = []
        tree.forEachPartialTile(grownSince: 0) { level, index, hashes in partial.append((level, index, hashes)) }
        #expect(partial.count == 2)
        for (level, index, hashes) in partial {
            #expect(hashes == (try Self.tile(root, level, index, hashes.count)))
        }
        let note = try SignedNote(try Cases.file(root + "/checkpoint"))
        #expect(try Checkpoint(text: note.text).root == tree.root())
    }

    @Test("every published entry bundle holds the entries of its tile, and is written back the same")
    func bundles() throws {
        guard let root = Vectors.directory("tlog-tiles/tessera-testdata") else { return }
        let folder = root + "/tile/entries"
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        var checked = 0
        for name in names {
            guard let path = TilePath("tile/entries/" + name) else { continue }
            let bundle = try Cases.file(folder + "/" + name)
            let ranges = try #require(EntryBundle.ranges(bundle))
            #expect(ranges.count == path.width)
            #expect(ranges.map { leafHash(Array(bundle[$0])) } == (try Self.tile(root, 0, path.index, path.width)))
            var written: [UInt8] = []
            for range in ranges { bundle[range].withUnsafeBytes { EntryBundle.append($0, to: &written) } }
            #expect(written == bundle)
            #expect(EntryBundle.ranges(Array(bundle.dropLast())) == nil)
            checked += 1
        }
        #expect(checked > 0)
    }
}
