import LMDB
import Testing

@Suite("tables")
struct TableTests {
    let scratch = ScratchDirectory()
    let environment: Environment
    let table: NamedTable

    init() throws {
        environment = try Environment(path: scratch.path)
        table = try environment.table("things", create: true)
    }

    func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test("a committed value is read back, and an unknown key gives nothing")
    func putAndGet() throws {
        let write = try environment.write()
        try write.put(table, Array("a".utf8), Array("one".utf8))
        try write.commit()
        let read = try environment.read()
        #expect(text(try read.get(table, Array("a".utf8))) == "one")
        #expect(try read.get(table, Array("b".utf8)) == nil)
        #expect(try read.count(table) == 1)
    }

    @Test("a transaction that goes without a commit leaves nothing")
    func abort() throws {
        func dropped() throws {
            let write = try environment.write()
            try write.put(table, Array("a".utf8), Array("one".utf8))
        }
        try dropped()
        #expect(try environment.read().count(table) == 0)
    }

    @Test("a reader keeps its snapshot until it renews")
    func snapshot() throws {
        let read = try environment.read()
        let write = try environment.write()
        try write.put(table, Array("a".utf8), Array("one".utf8))
        try write.commit()
        #expect(try read.get(table, Array("a".utf8)) == nil)
        try read.renew()
        #expect(text(try read.get(table, Array("a".utf8))) == "one")
        read.reset()
        read.reset()
        try read.renew()
        #expect(try read.count(table) == 1)
    }

    @Test("a cursor walks keys in byte order, forwards, backwards and from a place")
    func cursor() throws {
        let write = try environment.write()
        for key in ["b", "d", "a", "c"] { try write.put(table, Array(key.utf8), Array(key.utf8)) }
        try write.commit()
        let read = try environment.read()
        var cursor = try read.cursor(table)
        var seen: [String] = []
        var item = try cursor.first()
        while let found = item {
            seen.append(String(decoding: found.key, as: UTF8.self))
            item = try cursor.next()
        }
        #expect(seen == ["a", "b", "c", "d"])
        #expect(try cursor.last().map { String(decoding: $0.value, as: UTF8.self) } == "d")
        #expect(try cursor.previous().map { String(decoding: $0.value, as: UTF8.self) } == "c")
        #expect(try cursor.seek(Array("bb".utf8)).map { String(decoding: $0.key, as: UTF8.self) } == "c")
        #expect(try cursor.seek(Array("e".utf8)) == nil)
    }

    @Test("integer keys are in number order, whatever their bytes")
    func integers() throws {
        let numbers = try environment.table("numbers", keys: .integer, create: true)
        let write = try environment.write()
        for key: UInt64 in [256, 1, 65_536, 255] {
            try [1 as UInt8].withUnsafeBytes { try write.put(numbers, key, $0) }
        }
        #expect(try write.withCursor(numbers) { cursor throws(LMDBError) in try cursor.last()?.integerKey } == 65_536)
        try write.commit()
        let read = try environment.read()
        var cursor = try read.cursor(numbers)
        #expect(try cursor.first()?.integerKey == 1)
        #expect(try cursor.next()?.integerKey == 255)
        #expect(try cursor.seek(257)?.integerKey == 65_536)
        #expect(try read.get(numbers, 256 as UInt64)?.count == 1)
        #expect(try read.get(numbers, 257 as UInt64) == nil)
    }

    @Test("an append out of order is refused with the table's name")
    func append() throws {
        let write = try environment.write()
        try write.put(table, Array("b".utf8), [], .append)
        let error = #expect(throws: LMDBError.self) { try write.put(table, Array("a".utf8), [], .append) }
        #expect(error?.code == .keyExists)
        #expect(error?.table == "things")
        #expect(error?.operation == "put")
    }

    @Test("reserved room is filled in place")
    func reserve() throws {
        let write = try environment.write()
        let room = try Array("k".utf8).withUnsafeBytes { try write.putReserve(table, $0, count: 3) }
        room.copyBytes(from: [1, 2, 3])
        try write.commit()
        #expect(try environment.read().get(table, Array("k".utf8)) == [1, 2, 3])
    }

    @Test("a deleted key is gone, and deleting it again says so")
    func delete() throws {
        let write = try environment.write()
        try write.put(table, Array("a".utf8), [1])
        #expect(try write.delete(table, Array("a".utf8)))
        #expect(try !write.delete(table, Array("a".utf8)))
        try write.put(table, Array("b".utf8), [1])
        try write.removeAll(table)
        #expect(try write.count(table) == 0)
    }

    @Test("a key that is too long is refused, not cut")
    func longKey() throws {
        let write = try environment.write()
        let error = #expect(throws: LMDBError.self) { try write.put(table, [UInt8](repeating: 1, count: 512), []) }
        #expect(error?.code == .badSize)
        try write.put(table, [UInt8](repeating: 1, count: Environment.keyBytesMax), [])
    }
}
