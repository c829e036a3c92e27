import Engine
import Foundation
import JSON
import Service
import TestSupport
import Testing

@Suite("personal data")
struct PersonTests {
    private let folder: TemporaryDirectory
    private let key = [UInt8](repeating: 9, count: 32)

    init() throws {
        folder = try TemporaryDirectory("keys")
        try Data("docket-person-keys/v1\n".utf8).write(to: URL(fileURLWithPath: folder.file("persons")))
    }

    private func keys() throws -> PersonKeys { try PersonKeys(directory: folder.path, ledgerKey: key) }

    private func seal(_ keys: PersonKeys, _ text: String, user: String = "U-ali", id: String = "1") throws -> View {
        let sealed = try keys.seal(
            Document.parse(text).root, userId: user, origin: "o", source: "/s", id: id, pointer: "/data/name")
        return try Document.parse(#"{"commitment":"\#(sealed.commitment)","sealed":"\#(sealed.sealed)"}"#).root
    }

    @Test("a value is sealed to the same bytes again, and differently at another place")
    func deterministic() throws {
        let keys = try keys()
        #expect(try seal(keys, #""Ali""#).isSame(as: seal(keys, #""Ali""#)))
        #expect(try !seal(keys, #""Ali""#).isSame(as: seal(keys, #""Ali""#, id: "2")))
        #expect(try !seal(keys, #""Ali""#).isSame(as: seal(keys, #""Ali""#, user: "U-sana")))
    }

    @Test("a sealed value is opened under the key of its person alone")
    func opened() throws {
        let keys = try keys()
        let field = try seal(keys, #"{"b":1,"a":"Ali \u20ac"}"#)
        #expect(keys.unseal(field, userId: "U-ali") == .value(Array(#"{"a":"Ali €","b":1}"#.utf8)))
        _ = try seal(keys, "1", user: "U-sana")
        #expect(keys.unseal(field, userId: "U-sana") == .unreadable)
        #expect(keys.unseal(field, userId: "U-none") == .unreadable)
    }

    @Test("keys are found again when the file is opened anew")
    func reopened() throws {
        let field = try seal(try keys(), #""Ali""#)
        #expect(try keys().unseal(field, userId: "U-ali") == .value(Array(#""Ali""#.utf8)))
    }

    @Test("a destroyed key is gone for ever, and nothing new is taken for its person")
    func destroyed() throws {
        let before = try keys()
        let field = try seal(before, #""Ali""#)
        let other = try seal(before, #""Sana""#, user: "U-sana")
        #expect(before.erase(["U-ali"]).isEmpty)
        for keys in [before, try keys()] {
            #expect(keys.unseal(field, userId: "U-ali") == .erased)
            #expect(keys.unseal(other, userId: "U-sana") == .value(Array(#""Sana""#.utf8)))
            let problem = #expect(throws: Problem.self) { _ = try seal(keys, #""Ali""#) }
            #expect(problem?.kind == .erased)
        }
        #expect(try !Data(contentsOf: URL(fileURLWithPath: folder.file("persons"))).isEmpty)
    }

    @Test("a last line that was not written whole is cut off; damage before good lines is refused")
    func torn() throws {
        let first = try keys()
        let field = try seal(first, #""Ali""#)
        let path = URL(fileURLWithPath: folder.file("persons"))
        let whole = try Data(contentsOf: path)
        _ = try seal(first, #""Sana""#, user: "U-sana")
        let both = try Data(contentsOf: path)
        for end in whole.count + 1..<both.count {
            try both[..<end].write(to: path)
            #expect(try keys().unseal(field, userId: "U-ali") == .value(Array(#""Ali""#.utf8)))
            #expect(try Data(contentsOf: path) == whole)
        }
        var damaged = both
        damaged[whole.count - 10] ^= 1
        try damaged.write(to: path)
        #expect(throws: ServiceError.self) { _ = try keys() }
    }

    @Test("with a seed keys follow from it, and nothing is stored")
    func seeded() async throws {
        let sealed = try await (0..<2).asyncMap { _ in
            try await TestLedger().serving { service in
                let client = try service.connect()
                let response = try await client.append(Events.user("U-ali", name: "Ali", event: "u-1"))
                let entry = try await client.get("/v1/events/\(try #require(response.event()["sequence"]?.int))").json
                let name = try #require(entry["data"]?["name"])
                #expect(name["commitment"]?.string?.utf8.count == 44)
                return try #require(name["sealed"]?.string)
            }
        }
        #expect(sealed[0] == sealed[1])
    }

    @Test("with random keys a name is nowhere in the log, and its key is on the disk")
    func random() async throws {
        let ledger = try TestLedger(isSeeded: false)
        try await ledger.serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.user("U-ali", name: "Alimuddin", event: "u-1"))
            let log = try await client.get("/v1/events?limit=10000").text
            #expect(log.contains(#""type":"user.registered""#))
            #expect(!log.contains("Alimuddin"))
            let again = try await client.append(Events.user("U-ali", name: "Alimuddin", event: "u-1"))
            #expect(again.status == 200)
            let other = try await client.append(Events.user("U-ali", name: "Alina", event: "u-1"))
            #expect(other.status == 409)
        }
        let lines = try String(contentsOfFile: ledger.directory.keys + "/persons", encoding: .utf8).split(
            separator: "\n")
        #expect(lines.count == 2)
    }

    @Test("an erasure destroys the key before it is answered, and again at the start where a crash left it")
    func erasure() async throws {
        let ledger = try TestLedger(isSeeded: false)
        let path = ledger.directory.keys + "/persons"
        let before = try await ledger.serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.user("U-ali", name: "Ali", event: "u-1"))
            let keys = try String(contentsOfFile: path, encoding: .utf8)
            let response = try await client.append(
                Events.event("erasure.requested", #"{"requestId":"E-1","userId":"U-ali"}"#, id: "e-1"))
            #expect(response.status == 201)
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains("\nerased "))
            let again = try await client.append(Events.user("U-ali", name: "Ali", event: "u-1"))
            #expect(again.status == 200)
            let new = try await client.append(Events.user("U-ali", name: "Ali", event: "u-2"))
            #expect(new.status == 422)
            return keys
        }
        // As if the process had died after the commit.
        try before.write(toFile: path, atomically: true, encoding: .utf8)
        let after = try await ledger.serving { _ in try String(contentsOfFile: path, encoding: .utf8) }
        #expect(after.contains("\nerased "))
    }
}

extension Range<Int> {
    fileprivate func asyncMap<T>(_ body: (Int) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for index in self { results.append(try await body(index)) }
        return results
    }
}
