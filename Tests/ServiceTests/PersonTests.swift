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

/// A reason that the file of the persons' keys cannot be replaced, even by root.
enum KeyDamage: CaseIterable {
    case newIsFolder, unfinishedIsFolder, fileIsFolder, fileIsAnother, fileIsGone, folderIsGone

    func inflict(on folder: String) throws {
        let files = FileManager.default
        switch self {
        case .newIsFolder:
            try files.createDirectory(atPath: folder + "/persons.new", withIntermediateDirectories: false)
        case .unfinishedIsFolder:
            try files.createDirectory(atPath: folder + "/persons.unfinished", withIntermediateDirectories: false)
        case .fileIsFolder:
            try files.moveItem(atPath: folder + "/persons", toPath: folder + "/aside")
            try files.createDirectory(atPath: folder + "/persons", withIntermediateDirectories: false)
        case .fileIsAnother:
            try files.moveItem(atPath: folder + "/persons", toPath: folder + "/aside")
            try files.copyItem(atPath: folder + "/aside", toPath: folder + "/persons")
        case .fileIsGone: try files.moveItem(atPath: folder + "/persons", toPath: folder + "/aside")
        case .folderIsGone: try files.moveItem(atPath: folder, toPath: folder + "-aside")
        }
    }

    func repair(_ folder: String) throws {
        let files = FileManager.default
        switch self {
        case .newIsFolder: try files.removeItem(atPath: folder + "/persons.new")
        case .unfinishedIsFolder: try files.removeItem(atPath: folder + "/persons.unfinished")
        case .fileIsFolder, .fileIsAnother:
            try files.removeItem(atPath: folder + "/persons")
            try files.moveItem(atPath: folder + "/aside", toPath: folder + "/persons")
        case .fileIsGone: try files.moveItem(atPath: folder + "/aside", toPath: folder + "/persons")
        case .folderIsGone: try files.moveItem(atPath: folder + "-aside", toPath: folder)
        }
    }
}

@Suite("erasing where the keys cannot be written")
struct ErasureFaultTests {
    private static func erasure(_ id: String) -> String {
        Events.event("erasure.requested", #"{"requestId":"\#(id)","userId":"U-ali"}"#, id: id)
    }

    @Test(
        "the erasure is refused with 503, nothing is recorded and the key stays until it can be done",
        arguments: KeyDamage.allCases)
    func unwritable(_ damage: KeyDamage) async throws {
        let ledger = try TestLedger(isSeeded: false)
        let folder = ledger.directory.keys
        try await ledger.serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.user("U-ali", name: "Ali", event: "u-1"))
            _ = try await client.append(Events.user("U-sana", name: "Sana", event: "u-2"))
            let key = try #require(
                try String(contentsOfFile: folder + "/persons", encoding: .utf8).split(separator: "\n").dropFirst()
                    .first)
            let before = try await client.get("/v1/checkpoint").text
            try damage.inflict(on: folder)
            let refused = try await client.append(Self.erasure("E-1"))
            #expect(refused.status == 503)
            #expect(refused["retry-after"] != nil)
            let batch = try await client.append(
                batch: [Self.erasure("E-1"), Self.erasure("E-2")], query: "?atomic=true")
            #expect(batch.status == 503)
            #expect(try await client.get("/v1/checkpoint").text == before)
            // The key is still the person's: the same name is found again, another one is told apart.
            #expect(try await client.append(Events.user("U-ali", name: "Ali", event: "u-1")).status == 200)
            #expect(try await client.append(Events.user("U-ali", name: "Omar", event: "u-1")).status == 409)
            try damage.repair(folder)
            #expect(try await client.append(Self.erasure("E-1")).status == 201)
            let keys = try String(contentsOfFile: folder + "/persons", encoding: .utf8)
            #expect(!keys.contains(key) && keys.contains("\nerased "))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["persons"])
            #expect(try await client.append(Events.user("U-sana", name: "Sana", event: "u-2")).status == 200)
        }
    }

    private let folder: TemporaryDirectory
    private let key = [UInt8](repeating: 9, count: 32)

    init() throws {
        folder = try TemporaryDirectory("keys")
        try Data("docket-person-keys/v1\n".utf8).write(to: URL(fileURLWithPath: folder.file("persons")))
    }

    private func keys() throws -> PersonKeys { try PersonKeys(directory: folder.path, ledgerKey: key) }

    private func seal(_ keys: PersonKeys, _ user: String) throws -> View {
        let sealed = try keys.seal(
            Document.parse("1").root, userId: user, origin: "o", source: "/s", id: "1", pointer: "/data/name")
        return try Document.parse(#"{"commitment":"\#(sealed.commitment)","sealed":"\#(sealed.sealed)"}"#).root
    }

    @Test(
        "keys made while an erasure is ready are there after it, and after one that was abandoned",
        arguments: [true, false])
    func meanwhile(isErased: Bool) async throws {
        let live = try keys()
        let (ali, sana) = (try seal(live, "U-ali"), try seal(live, "U-sana"))
        #expect(live.prepareErasure(of: ["U-ali"]))
        let omar = try seal(live, "U-omar")
        try await live.makeDurable()
        #expect(live.prepareErasure(of: ["U-nobody"]))
        let zara = try seal(live, "U-zara")
        #expect(live.unseal(ali, userId: "U-ali") == .value([0x31]))
        if isErased { #expect(live.erase(["U-nobody", "U-ali"]).isEmpty) } else { live.abandonErasure() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["persons"])
        for keys in [live, try keys()] {
            #expect(keys.unseal(ali, userId: "U-ali") == (isErased ? .erased : .value([0x31])))
            for (field, user) in [(sana, "U-sana"), (omar, "U-omar"), (zara, "U-zara")] {
                #expect(keys.unseal(field, userId: user) == .value([0x31]))
            }
        }
    }

    @Test("what a crash left beside the keys is removed at the start, and the keys stand")
    func crashed() throws {
        let dying = try keys()
        let ali = try seal(dying, "U-ali")
        #expect(dying.prepareErasure(of: ["U-ali"]))
        try Data("docket-person".utf8).write(to: URL(fileURLWithPath: folder.file("persons.unfinished")))
        let live = try keys()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["persons"])
        #expect(live.unseal(ali, userId: "U-ali") == .value([0x31]))
        #expect(live.erase(["U-ali"]).isEmpty)
        #expect(try keys().unseal(ali, userId: "U-ali") == .erased)
    }

    @Test("a rename that fails after the commit leaves the key on the disk for the next try, and nobody gets it")
    func renameFails() throws {
        try renameFails("U-ali") {
            try KeyDamage.fileIsFolder.inflict(on: $0)
        } repair: {
            try KeyDamage.fileIsFolder.repair($0)
        }
        try renameFails("U-sana") {
            try FileManager.default.removeItem(atPath: $0 + "/persons.new")
        } repair: { _ in
        }
    }

    private func renameFails(
        _ user: String, _ inflict: (String) throws -> Void, repair: (String) throws -> Void
    ) throws {
        let live = try keys()
        let field = try seal(live, user)
        #expect(live.prepareErasure(of: [user]))
        try inflict(folder.path)
        #expect(live.erase([user]) == [user])
        #expect(live.unseal(field, userId: user) == .erased)
        try repair(folder.path)
        #expect(live.erase([user]).isEmpty)
        #expect(try keys().unseal(field, userId: user) == .erased)
    }
}
