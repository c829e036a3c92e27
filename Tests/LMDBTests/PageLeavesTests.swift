import Foundation
import LMDB
import TestSupport
import Testing

@Suite("reading leaves without LMDB")
struct PageLeavesTests {
    let scratch = ScratchDirectory()

    func environment(readOnly: Bool = false) throws(LMDBError) -> Environment {
        var options = Environment.Options()
        options.mapSize = 1 << 28
        options.isReadOnly = readOnly
        options.checksEveryPage = !readOnly
        return try Environment(path: scratch.path, options: options)
    }

    /// Writes values of up to a few pages under rising keys with gaps; returns them.
    func fill(_ random: inout SeededGenerator, _ count: Int) throws -> [(key: UInt64, value: [UInt8])] {
        let environment = try environment()
        let numbers = try environment.table("numbers", keys: .integer, create: true)
        var key: UInt64 = 3
        var all: [(key: UInt64, value: [UInt8])] = []
        let write = try environment.write()
        for _ in 0..<count {
            let value = random.bytes(random.int(in: 1...(random.once(in: 20) ? 9000 : 300)))
            try value.withUnsafeBytes { try write.put(numbers, key, $0, .append) }
            all.append((key, value))
            key += UInt64(random.int(in: 1...3))
        }
        try write.commit()
        return all
    }

    @Test("every entry is read once, in order, by several cursors", arguments: [0, 1, 5, 40, 20_000])
    func sound(_ count: Int) throws {
        var random = SeededGenerator.announced()
        let all = try fill(&random, count)
        let leaves = try PageLeaves(try environment(readOnly: true), table: "numbers")
        #expect(leaves.count == UInt64(count))
        var start = 0
        while start < count {
            var cursor = leaves.cursor()
            let length = min(count - start, random.int(in: 1...(1 + count / 3)))
            var found: [(key: UInt64, value: [UInt8])] = []
            try cursor.read(from: all[start].key) { key, value in
                found.append((key, Array(value)))
                return found.count < length
            }
            #expect(found.map(\.key) == all[start..<(start + length)].map(\.key))
            #expect(found.map(\.value) == all[start..<(start + length)].map(\.value))
            let before = try cursor.last(notAbove: all[start].key - 1)
            #expect(before?.key == (start > 0 ? all[start - 1].key : nil))
            #expect(before.map { Array($0.value) } == (start > 0 ? all[start - 1].value : nil))
            try leaves.finish(cursor)
            start += length
        }
        var cursor = leaves.cursor()
        #expect(try cursor.last(notAbove: .max)?.key == all.last?.key)
    }

    @Test("a changed file is damaged or gives other bytes, and never ends the process")
    func damaged() throws {
        var random = SeededGenerator.announced()
        let count = try fill(&random, 2_000).count
        let environment = try environment(readOnly: true)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: scratch.path + "/data.mdb"))
        let bytes = try #require(try file.readToEnd())
        func put(_ byte: UInt8, _ at: Int) throws {
            try file.seek(toOffset: UInt64(at))
            try file.write(contentsOf: [byte])
        }
        var refused = 0
        for _ in 0..<300 {
            // In the heads of pages, where every byte counts, and anywhere; after the environment was checked.
            let page = 2 + random.below(bytes.count / 4096 - 2)
            let at = page * 4096 + random.below(random.once(in: 2) ? 48 : 4096)
            try put(bytes[at] ^ UInt8(random.int(in: 1...255)), at)
            do throws(LMDBError) {
                let leaves = try PageLeaves(environment, table: "numbers")
                var cursor = leaves.cursor(), found = 0
                try cursor.read(from: 0) { _, value in
                    found += value.isEmpty ? 0 : 1
                    return true
                }
                try leaves.finish(cursor)
                #expect(found <= count)
            } catch {
                #expect(error.code == .damaged, "\(error)")
                refused += 1
            }
            try put(bytes[at], at)
        }
        #expect(refused > 50)
    }
}
