import Foundation
import LMDB
import Testing

@Suite("environments")
struct EnvironmentTests {
    let scratch = ScratchDirectory()

    @Test("a table that is not there is refused with its name")
    func noTable() throws {
        let environment = try Environment(path: scratch.path)
        let error = #expect(throws: LMDBError.self) { try environment.table("absent") }
        #expect(error?.code == .noTable)
        #expect(error?.table == "absent")
    }

    @Test("the names of all tables are read, of those that nobody opened too, and their order is told")
    func tableNames() throws {
        do {
            let environment = try Environment(path: scratch.path)
            #expect(try environment.tableNames(most: 10).isEmpty)
            for name in ["b", "a", "c"] { _ = try environment.table(name, keys: .integer, create: true) }
        }
        let environment = try Environment(path: scratch.path)
        #expect(try environment.tableNames(most: 10) == ["a", "b", "c"].map { Array($0.utf8) })
        #expect(try environment.tableNames(most: 2).count == 2)
        let other = try environment.table("b"), same = try environment.table("a", keys: .integer)
        let read = try environment.read()
        #expect(try !read.isInOrder(other))
        #expect(try read.isInOrder(same))
    }

    @Test("a path that does not exist is refused")
    func noPath() {
        let error = #expect(throws: LMDBError.self) { try Environment(path: scratch.path + "/none") }
        #expect(error?.code == .noFile)
    }

    @Test("a file that is not LMDB's is refused as damaged")
    func notLMDB() throws {
        try Data(repeating: 7, count: 16_384).write(to: URL(fileURLWithPath: scratch.path + "/data.mdb"))
        let error = #expect(throws: LMDBError.self) { try Environment(path: scratch.path) }
        #expect(error?.code == .damaged)
    }

    @Test("a full map is an error of its own, and the transactions after it work")
    func mapFull() throws {
        var options = Environment.Options()
        options.mapSize = 1 << 20
        let environment = try Environment(path: scratch.path, options: options)
        let table = try environment.table("things", create: true)
        func fill() throws {
            let write = try environment.write()
            for i in 0..<1000 { try write.put(table, Array("\(i)".utf8), [UInt8](repeating: 0, count: 4000)) }
            try write.commit()
        }
        let error = #expect(throws: LMDBError.self) { try fill() }
        #expect(error?.code == .mapFull)
        let write = try environment.write()
        try write.put(table, [1], [2])
        try write.commit()
        #expect(try environment.read().count(table) == 1)
    }

    @Test("a file opened twice in one process is one environment, and closing one keeps the other")
    func shared() throws {
        let first = try Environment(path: scratch.path)
        let table = try first.table("things", create: true)
        func second() throws {
            var options = Environment.Options()
            options.isReadOnly = true
            let other = try Environment(path: scratch.path, options: options)
            let table = try other.table("things")
            #expect(try other.read().count(table) == 0)
        }
        try second()
        let write = try first.write()
        try write.put(table, [1], [2])
        try write.commit()
        #expect(try first.read().get(table, [1]) == [2])
    }

    @Test("a writer on an environment this process opened for reading is refused")
    func readingFirst() throws {
        func make() throws { _ = try Environment(path: scratch.path) }
        try make()
        var options = Environment.Options()
        options.isReadOnly = true
        let reader = try Environment(path: scratch.path, options: options)
        let error = #expect(throws: LMDBError.self) { try Environment(path: scratch.path) }
        #expect(error?.code == .openForReading)
        withExtendedLifetime(reader) {}
    }

    @Test("a copy made beside the environment holds the same")
    func copy() throws {
        let environment = try Environment(path: scratch.path)
        let table = try environment.table("things", create: true)
        let write = try environment.write()
        try write.put(table, [1], [2])
        try write.commit()
        let target = ScratchDirectory()
        try environment.copy(to: target.path)
        let copied = try Environment(path: target.path)
        let same = try copied.table("things")
        #expect(try copied.read().get(same, [1]) == [2])
        #expect(environment.usedBytes > 0)
        #expect(environment.mapSize == 1 << 40)
    }

    @Test("values survive closing and opening again")
    func reopen() throws {
        func write() throws {
            let environment = try Environment(path: scratch.path)
            let write = try environment.write()
            try write.commit()
            let table = try environment.table("things", create: true)
            let second = try environment.write()
            try second.put(table, [1], [2])
            try second.commit()
        }
        try write()
        let environment = try Environment(path: scratch.path)
        let table = try environment.table("things")
        #expect(try environment.read().get(table, [1]) == [2])
    }
}

/// A folder for one test, removed when it is destroyed.
final class ScratchDirectory {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("lmdb-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
