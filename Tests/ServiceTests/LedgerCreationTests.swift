import Engine
import Foundation
import Service
import TestSupport
import Testing

@Suite("making a ledger")
struct LedgerCreationTests {
    private let folder: TemporaryDirectory
    private let directory: DataDirectory

    init() throws {
        folder = try TemporaryDirectory("init")
        directory = DataDirectory(folder.file("data"))
        try TestRules.write(to: folder.file("rules"))
    }

    private func options(_ change: (inout LedgerCreation.Options) -> Void = { _ in }) -> LedgerCreation.Options {
        var options = LedgerCreation.Options(origin: "docket.example/new", rules: folder.file("rules"))
        options.mapBytes = 1 << 26
        change(&options)
        return options
    }

    @Test("a new ledger has a key, an empty log and the rules it was given")
    func makes() throws {
        let key = try LedgerCreation.create(directory, options())
        #expect(key.hasPrefix("docket.example/new+"))
        let initial = try directory.readInitial()
        #expect(initial.settings.verifierKey == key)
        #expect(!initial.ruleFiles.isEmpty)
        let mode = try FileManager.default.attributesOfItem(atPath: directory.signingKey)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a directory that holds a ledger is refused")
    func twice() throws {
        _ = try LedgerCreation.create(directory, options())
        let error = #expect(throws: ServiceError.self) { try LedgerCreation.create(directory, options()) }
        #expect(error?.description == "`\(directory.path)` holds a ledger already")
    }

    @Test("rules in error are refused with their place, and nothing is made")
    func badRules() throws {
        let rules = folder.file("bad")
        try FileManager.default.createDirectory(atPath: rules, withIntermediateDirectories: true)
        try "agent: wallet\nversion: 1.0.0\nrules:\n  - id: x\n    on: nothing.known\n"
            .write(toFile: rules + "/wallet.yaml", atomically: true, encoding: .utf8)
        let bad = LedgerCreation.Options(origin: "docket.example/new", rules: rules)
        let error = #expect(throws: ServiceError.self) { try LedgerCreation.create(directory, bad) }
        #expect(error?.description.contains("wallet.yaml:5") == true)
        #expect(!FileManager.default.fileExists(atPath: directory.path))
    }

    @Test("a key is taken where one is given, and its name must be the ledger's")
    func givenKey() throws {
        let key = try LedgerCreation.create(directory, options())
        let other = DataDirectory(folder.file("other"))
        let taken = try LedgerCreation.create(other, options { $0.key = directory.signingKey })
        #expect(taken == key)
        let third = DataDirectory(folder.file("third"))
        var misnamed = LedgerCreation.Options(origin: "docket.example/else", rules: folder.file("rules"))
        misnamed.key = directory.signingKey
        #expect(throws: ServiceError.self) { try LedgerCreation.create(third, misnamed) }
    }

    @Test("an init that was interrupted is taken up again with the same key")
    func interrupted() throws {
        let key = try LedgerCreation.create(directory, options())
        try FileManager.default.removeItem(atPath: directory.path + "/init.json")
        #expect(try LedgerCreation.create(directory, options()) == key)
    }

    @Test("a person seed of another length is refused")
    func badSeed() throws {
        try "abc".write(toFile: folder.file("seed"), atomically: true, encoding: .utf8)
        let bad = options { $0.personSeed = folder.file("seed") }
        #expect(throws: ServiceError.self) { try LedgerCreation.create(directory, bad) }
    }
}
