import Foundation
import TestSupport
import Testing

@testable import LMDB

@Suite("checking pages")
struct PageCheckTests {
    let scratch = ScratchDirectory()

    var file: URL { URL(fileURLWithPath: scratch.path + "/data.mdb") }

    func environment(whole: Bool = true, readOnly: Bool = false) throws(LMDBError) -> Environment {
        var options = Environment.Options()
        options.mapSize = 1 << 28
        options.checksEveryPage = whole
        options.isReadOnly = readOnly
        return try Environment(path: scratch.path, options: options)
    }

    func failure() -> LMDBError? {
        do throws(LMDBError) { _ = try environment(readOnly: true) } catch { return error }
        return nil
    }

    /// Writes small and large values under keys of both kinds, some of which are deleted or replaced later.
    func fill(_ random: inout SeededGenerator, commits: Int = 30) throws {
        let environment = try environment()
        let numbers = try environment.table("numbers", keys: .integer, create: true)
        let names = try environment.table("names", create: true)
        _ = try environment.table("empty", create: true)
        var next = UInt64(try environment.read().count(numbers))
        for _ in 0..<commits {
            let write = try environment.write()
            for _ in 0..<random.int(in: 1...60) {
                try random.bytes(random.int(in: 1...9000)).withUnsafeBytes { try write.put(numbers, next, $0, .append) }
                next += 1
            }
            for _ in 0..<random.int(in: 1...60) {
                let key = Array("name-\(random.int(in: 0...400))".utf8) + random.bytes(1)
                if random.once(in: 3) {
                    try write.delete(names, key)
                } else {
                    try write.put(names, key, random.bytes(random.int(in: 0...3000)))
                }
            }
            if random.once(in: 8) { try write.removeAll(names) }
            try write.commit()
            try environment.checkPages()
        }
    }

    /// Every key of both tables, read through LMDB.
    func keys() throws -> [[UInt8]] {
        let environment = try environment(readOnly: true)
        let tables = [try environment.table("numbers", keys: .integer), try environment.table("names")]
        let transaction = try environment.read()
        var keys: [[UInt8]] = []
        for table in tables {
            var cursor = try transaction.cursor(table)
            var item = try cursor.first()
            while let found = item {
                keys.append(Array(found.key) + [found.value.last ?? 0])
                item = try cursor.next()
            }
        }
        return keys
    }

    @Test("what LMDB writes, with deletions, large values and free pages, is never called damaged", arguments: 1...6)
    func sound(_ round: Int) throws {
        var random = SeededGenerator.announced()
        try fill(&random)
        #expect(failure() == nil)
        #expect(try !keys().isEmpty)
    }

    @Test("a file cut off anywhere is refused with its path")
    func truncated() throws {
        var random = SeededGenerator.announced()
        try fill(&random)
        let whole = try Data(contentsOf: file)
        // The last pages may be free: only what is in use can be missed.
        for length in [1, 100, 4096, 8191, 8192, 12_288, whole.count / 2, whole.count / 4 + 1] {
            try whole.prefix(length).write(to: file)
            let error = failure()
            #expect(error?.code == .damaged, "\(length) of \(whole.count) bytes")
            #expect(error?.description.hasPrefix("data.mdb is damaged: ") == true)
            #expect(error?.description.contains(file.path) == true)
        }
    }

    @Test("an empty file is refused, but for one who makes an environment")
    func empty() throws {
        try Data().write(to: file)
        #expect(failure()?.code == .damaged)
        var options = Environment.Options()
        options.takesEmptyFile = true
        let made = try Environment(path: scratch.path, options: options)
        #expect(throws: Never.self) { try made.table("things", create: true) }
    }

    @Test("a flipped bit in the head of any page is found, or harms nothing")
    func flipped() throws {
        var random = SeededGenerator.announced()
        try fill(&random, commits: 8)
        let whole = try Data(contentsOf: file)
        let right = try keys().map { $0.dropLast() }
        var found = 0
        for _ in 0..<600 {
            var changed = whole
            let page = random.int(in: 0...(whole.count / 4096 - 1))
            let byte = page * 4096 + (page < 2 ? random.int(in: 16...167) : random.int(in: 0...80))
            changed[byte] ^= UInt8(1 << random.int(in: 0...7))
            try changed.write(to: file)
            if let error = failure() {
                #expect(error.code == .damaged, "byte \(byte): \(error)")
                found += 1
            } else if try keys().map({ $0.dropLast() }) != right {
                // A key may have become another that is also in order; readers of entries compare them.
                #expect(byte % 4096 > 15, "byte \(byte) of page \(page) changes what is read and is not found")
            }
        }
        #expect(found > 20)
    }

    @Test("a meta page that claims pages beyond all files costs no memory for them")
    func endless() throws {
        var random = SeededGenerator.announced()
        try fill(&random, commits: 4)
        var changed = try Data(contentsOf: file)
        for page in 0...1 {
            // The number of the last page.
            changed.replaceSubrange(page * 4096 + 136..<page * 4096 + 144, with: [0, 0, 0, 0, 1, 0, 0, 0])
        }
        try changed.write(to: file)
        let pages = try #require(try PageFile.open(file.path))
        #expect(pages.metas[0].pages == (1 << 32) + 1)
        #expect(pages.wordsOfPages(upTo: pages.metas[0].pages) <= changed.count / 4096 / 64 + 1)
        var walk = PageWalk(pages, pages.metas[0], .everything)
        try walk.run()
        #expect(walk.isUsed.count <= changed.count / 4096 / 64 + 1)
    }

    @Test("a file with a meta page of another time is refused")
    func mixed() throws {
        var random = SeededGenerator.announced()
        try fill(&random, commits: 4)
        let before = try Data(contentsOf: file)
        try fill(&random, commits: 4)
        var mixed = try Data(contentsOf: file)
        mixed[0..<4096] = before[0..<4096]
        try mixed.write(to: file)
        #expect(failure()?.description.contains("its meta pages are of commits") == true)
    }
}
