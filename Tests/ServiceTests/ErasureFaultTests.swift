import Engine
import Foundation
import JSON
import Service
import TestSupport
import Testing

/// Ways in which the file of the persons' keys cannot be replaced, for anybody.
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
