import AgentKit
import Glibc
import JSON
package import Rules

/// Where a ledger lives: `log/` is the truth, `views/` can be thrown away, `init.json` holds what `init` was told until
/// the first entry says it.
package struct DataDirectory: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var log: String { path + "/log" }
    package var views: String { path + "/views" }
    package var keys: String { path + "/keys" }
    package var signingKey: String { path + "/key" }
    package var socket: String { path + "/docket.sock" }
    private var settingsFile: String { path + "/init.json" }

    /// What `init` was told.
    package struct Initial: Sendable {
        package let settings: LedgerSettings
        package let ruleFiles: [RuleFile]

        package init(settings: LedgerSettings, ruleFiles: [RuleFile]) {
            self.settings = settings
            self.ruleFiles = ruleFiles
        }
    }

    /// Writes `init.json`, whole or not at all.
    package func write(_ initial: Initial) throws(DataDirectoryError) {
        var writer = CanonicalWriter(capacity: 1 << 16)
        writer.beginObject()
        writer.key("clock")
        writer.string(initial.settings.clock.rawValue)
        writer.key("origin")
        writer.string(initial.settings.origin)
        writer.key("rules")
        writer.beginObject()
        for file in initial.ruleFiles.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            writer.key(file.name)
            writer.string(String(decoding: file.text, as: UTF8.self))
        }
        writer.endObject()
        writer.key("verifierKey")
        writer.string(initial.settings.verifierKey)
        writer.endObject()
        try Files.write(writer.bytes, to: settingsFile, mode: 0o640)
    }

    /// Reads `init.json`.
    package func readInitial() throws(DataDirectoryError) -> Initial {
        guard let bytes = try Files.readIfThere(settingsFile) else {
            throw DataDirectoryError(
                "`\(path)` is not a ledger's data directory: `init.json` is missing; make one with `docket init`")
        }
        guard let root = try? Document.parse(bytes).root, let origin = root["origin"]?.string,
            let key = root["verifierKey"]?.string,
            let clock = root["clock"]?.string.flatMap(LedgerSettings.Clock.init(rawValue:)), let rules = root["rules"]
        else { throw DataDirectoryError("`\(settingsFile)` is damaged") }
        var files: [RuleFile] = []
        rules.forEachMember { name, text in files.append(RuleFile(name: name, text: text.string ?? "")) }
        return Initial(
            settings: LedgerSettings(origin: origin, verifierKey: key, clock: clock), ruleFiles: files)
    }

    /// The rule files (`*.yaml`) at the top of a folder.
    package static func ruleFiles(in folder: String) throws(DataDirectoryError) -> [RuleFile] {
        var files: [RuleFile] = []
        for name in try Files.names(in: folder) where name.hasSuffix(".yaml") {
            files.append(RuleFile(name: name, text: try Files.read(folder + "/" + name)))
        }
        guard !files.isEmpty else { throw DataDirectoryError("`\(folder)` holds no rule file (`*.yaml`)") }
        return files
    }

    /// The files at the top of a folder that are rule files but for the end of their names.
    package static func misnamedRuleFiles(in folder: String) throws(DataDirectoryError) -> [String] {
        try Files.names(in: folder).filter { name in
            [".yml", ".YAML", ".YML"].contains { name.hasSuffix($0) }
        }
    }
}

/// A directory or file that cannot be used; says what to do.
package struct DataDirectoryError: Error, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
