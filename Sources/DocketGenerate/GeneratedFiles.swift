import Foundation
import JSON
import Rules

/// The files generated from the declarations, with their text.
enum GeneratedFiles {
    struct File {
        let path: String
        let text: String
    }

    /// The modules that fold, emit or read events.
    static let modules = [
        "AnalyticsAgent", "Audit", "ComplaintAgent", "ComplianceAgent", "Engine", "FranchiseAgent", "MarketplaceAgent",
        "OrderAgent", "QualityAgent", "RecommendationAgent", "Rules", "VerificationAgent", "WalletAgent",
    ]

    static func all(in root: String) throws -> [File] {
        let engine = RuleFile(name: "engine.yaml", text: try TextFile.read(root + "/Sources/Rules/Types/engine.yaml"))
        let types = try EventTypes.declared(in: try TextFile.ruleFiles(in: root + "/rules"), engine: engine)
        var files = [File(path: root + "/Sources/Rules/Generated/EngineTypes.swift", text: engineTypes(engine))]
        for module in modules {
            let folder = root + "/Sources/" + module
            let list = RuleFile(name: "folds.yaml", text: try TextFile.read(folder + "/folds.yaml"))
            let wanted = try Wanted(list, types)
            let text = SwiftText(module)
            let views = text.views(wanted.folds + wanted.reads + wanted.views, wanted.recordViews)
            files.append(File(path: folder + "/Generated/Events.swift", text: views))
            if !wanted.folds.isEmpty {
                files.append(File(path: folder + "/Generated/Fold.swift", text: text.fold(wanted.folds, wanted.reads)))
            }
            if !wanted.emits.isEmpty || !wanted.records.isEmpty {
                let encoders = text.encoders(wanted)
                files.append(File(path: folder + "/Generated/Emitted.swift", text: encoders))
            }
        }
        files.append(File(path: root + "/rules/EVENTS.md", text: EventCatalogue.page(types)))
        return files
    }

    /// The engine's declarations as a text that is compiled in.
    private static func engineTypes(_ file: RuleFile) -> String {
        let lines = String(decoding: file.text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.dropLast().map { $0.isEmpty ? "" : "        " + $0 }.joined(separator: "\n")
        return """
            // Written by `tools/generate` from `Sources/Rules/Types/engine.yaml`; change that.

            /// The declarations of the engine's own event types, in the syntax of rule files.
            enum EngineTypes {
                static let text = #\"""
            \(text)
                    \"""#
            }

            """
    }
}

/// Reader and writer of the source tree's files.
enum TextFile {
    static func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    static func write(_ text: String, to path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// The `*.yaml` of a folder by name.
    static func ruleFiles(in folder: String) throws -> [RuleFile] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted().map {
            RuleFile(name: $0, text: try read(folder + "/" + $0))
        }
    }
}
