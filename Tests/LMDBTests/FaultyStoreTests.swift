import Foundation
import LMDB
import Testing

@Suite("injected failures")
struct FaultyStoreTests {
    let scratch = ScratchDirectory()
    let faults = FaultyStore()
    let environment: Environment
    let table: NamedTable

    init() throws {
        var options = Environment.Options()
        options.faults = faults
        environment = try Environment(path: scratch.path, options: options)
        table = try environment.table("things", create: true)
    }

    func commit(_ key: UInt8) throws {
        let write = try environment.write()
        try write.put(table, [key], [key])
        try write.commit()
    }

    @Test("a commit that fails and is lost leaves nothing, and the next one works")
    func lost() throws {
        faults.fail(.commit, effect: .lost, code: ENOSPC)
        let error = #expect(throws: LMDBError.self) { try commit(1) }
        #expect(error?.code == .noSpace)
        #expect(error?.operation == "commit")
        #expect(try environment.read().count(table) == 0)
        try commit(2)
        #expect(try environment.read().get(table, [2]) == [2])
    }

    @Test("a commit that fails and is kept is there all the same")
    func kept() throws {
        faults.fail(.commit, effect: .kept, code: EIO)
        #expect(throws: LMDBError.self) { try commit(1) }
        #expect(try environment.read().get(table, [1]) == [1])
    }

    @Test("only the call that was named fails", arguments: [1, 2, 3])
    func occurrence(_ occurrence: Int) throws {
        faults.fail(.put, occurrence: occurrence, effect: .lost, code: EIO)
        for key: UInt8 in 1...3 {
            if Int(key) == occurrence {
                #expect(throws: LMDBError.self) { try commit(key) }
            } else {
                try commit(key)
            }
            #expect(faults.isSpent == (Int(key) >= occurrence))
        }
        #expect(try environment.read().count(table) == 2)
    }

    @Test("a begin and a sync can fail")
    func others() throws {
        faults.fail(.begin, effect: .lost, code: EIO)
        #expect(throws: LMDBError.self) { try commit(1) }
        faults.fail(.sync, effect: .lost, code: EIO)
        #expect(throws: LMDBError.self) { try environment.sync() }
        try environment.sync()
    }

    @Test("a delete that fails and is lost deletes nothing")
    func deletes() throws {
        try commit(1)
        faults.fail(.delete, effect: .lost, code: EIO)
        func remove() throws {
            let write = try environment.write()
            try write.delete(table, [1])
            try write.commit()
        }
        #expect(throws: LMDBError.self) { try remove() }
        #expect(try environment.read().count(table) == 1)
    }
}
