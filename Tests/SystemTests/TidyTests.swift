import Foundation
import TestSupport
import Testing

@testable import DocketGenerate

/// Rules of the design that the source tree is held to.
@Suite("The source tree is tidy", .ownThreads)
struct TidyTests {
    static let linesMax = 400

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The files of folders whose names end in `suffix`, with their text.
    static func files(_ folders: [String], suffix: String) -> [(path: String, text: String)] {
        folders.flatMap { folder -> [(path: String, text: String)] in
            let names = FileManager.default.enumerator(atPath: root + "/" + folder)?.compactMap { $0 as? String } ?? []
            return names.filter { $0.hasSuffix(suffix) }.sorted().map { name in
                let path = folder + "/" + name
                return (path, (try? String(contentsOfFile: root + "/" + path, encoding: .utf8)) ?? "")
            }
        }
    }

    @Test("the top level holds what was agreed on and nothing else")
    func topLevel() throws {
        let agreed: Set<String> = ["Package.swift", "README.md", "Sources", "Tests", "fixtures", "rules", "tools"]
        // Left behind by a build or a run.
        let left: Set<String> = ["Package.resolved", "data"]
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root)
        let found = Set(names.filter { !$0.hasPrefix(".") }).subtracting(left)
        #expect(found == agreed)
    }

    @Test("no Swift file is longer than 400 lines")
    func fileLength() {
        let files = Self.files(["Sources", "Tests"], suffix: ".swift")
        #expect(files.count > 100)
        for file in files where !file.path.contains("/Generated/") {
            let lines = file.text.utf8.count(where: { $0 == 0x0A })
            #expect(lines <= Self.linesMax, "\(file.path) has \(lines) lines")
        }
    }

    @Test("nothing is marked as left to do")
    func openMarks() {
        let marks = ["TO" + "DO", "FIX" + "ME", " XX" + "X", "HA" + "CK", "fatal" + "Error(\"not implemented"]
        for file in Self.files(["Sources", "Tests"], suffix: ".swift") {
            for mark in marks {
                #expect(!file.text.contains(mark), "\(file.path) holds `\(mark)`")
            }
        }
    }

    @Test("no declaration is public")
    func noPublic() {
        let pattern =
            /(?m)^\s*(@\w+(\([^)]*\))?\s+)*(public|open)\s+(?=(final|class|struct|enum|actor|protocol|extension|typealias|func|var|let|init|static)\b)/
        for file in Self.files(["Sources"], suffix: ".swift") {
            #expect(file.text.firstMatch(of: pattern) == nil, "\(file.path) declares something public")
        }
    }

    @Test("no target imports what its arrows do not allow")
    func arrows() throws {
        let system = [
            "Glibc", "Swift", "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Darwin", "Builtin",
        ]
        for (target, arrows) in Self.arrows {
            let allowed = Set(arrows + system)
            for file in Self.files(["Sources/" + target], suffix: ".swift") {
                for module in Self.imports(file.text) {
                    #expect(allowed.contains(module), "\(file.path) imports \(module)")
                }
            }
        }
    }

    /// The modules that a file imports.
    static func imports(_ text: String) -> [String] {
        let pattern =
            /(?m)^\s*(?:@[\w()]+\s+)*(?:package |internal |private |fileprivate |public )?import (?:struct |class |enum |func |protocol |typealias )?(\w+)/
        return text.matches(of: pattern).map { String($0.1) }
    }

    @Test("every target has its place in the table of arrows")
    func everyTarget() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root + "/Sources")
        #expect(Set(names) == Set(Self.arrows.keys).union(["README.md"]))
    }

    @Test("what reducers and rules run on knows no Foundation, clock or random numbers")
    func pureTargets() {
        let pure = ["AgentKit", "CEL", "Ledger"] + Self.agentModules
        let forbidden = [
            "import Foundation", "Date()", "clock_gettime", ".random(", "SystemRandomNumberGenerator", "getenv(",
        ]
        for target in pure {
            for file in Self.files(["Sources/" + target], suffix: ".swift") {
                for text in forbidden {
                    #expect(!file.text.contains(text), "\(file.path) holds `\(text)`")
                }
            }
        }
    }

    private static let agentModules = [
        "OrderAgent", "WalletAgent", "ComplaintAgent", "VerificationAgent", "FranchiseAgent", "RecommendationAgent",
        "MarketplaceAgent", "QualityAgent", "ComplianceAgent", "AnalyticsAgent",
    ]

    /// The arrows of the design: what the sources of each target may import.
    static let arrows: [String: [String]] = [
        "CLMDB": [], "CSodium": [], "CSimdJSON": [], "CRE2": [], "CDigest": [],
        "LMDB": ["CLMDB"],
        "Sodium": ["CSodium"],
        "JSON": ["CSimdJSON"],
        "TransparencyLog": ["Sodium", "CDigest"],
        "EventLog": ["LMDB", "TransparencyLog", "Sodium"],
        "CEL": ["CRE2"],
        "AgentKit": ["JSON", "CEL"],
        "Ledger": ["AgentKit"],
        "OrderAgent": ["AgentKit"],
        "WalletAgent": ["AgentKit", "Ledger"],
        "ComplaintAgent": ["AgentKit"],
        "VerificationAgent": ["AgentKit"],
        "FranchiseAgent": ["AgentKit"],
        "RecommendationAgent": ["AgentKit"],
        "MarketplaceAgent": ["AgentKit"],
        "QualityAgent": ["AgentKit"],
        "ComplianceAgent": ["AgentKit"],
        "AnalyticsAgent": ["AgentKit"],
        "Rules": ["CEL", "AgentKit", "Yams"],
        "DocketGenerate": ["Rules", "JSON"],
        "Engine": ["EventLog", "LMDB", "JSON", "Sodium", "CEL", "Rules", "AgentKit"] + agentModules,
        "RuleTesting": ["Engine", "Rules", "EventLog", "JSON", "AgentKit"],
        "Audit": ["Engine", "Rules", "EventLog", "LMDB", "TransparencyLog", "JSON", "AgentKit"],
        "Export": ["Audit", "Engine", "Rules", "EventLog", "TransparencyLog", "JSON", "CEL", "AgentKit", "GRDB"],
        "Service": [
            "Engine", "Audit", "EventLog", "JSON", "Sodium", "HummingbirdCore", "UnixSignals", "HTTPTypes", "Logging",
            "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "NIOPosix", "ServiceLifecycle", "AgentKit",
            "Rules",
        ],
        "CommandKit": [],
        "DocketBench": [
            "CommandKit", "Audit", "Engine", "EventLog", "LMDB", "TransparencyLog", "JSON", "CEL", "AgentKit",
            "RecommendationAgent", "ArgumentParser",
        ],
        "docket": [
            "CommandKit", "Service", "Audit", "Export", "RuleTesting", "Engine", "Rules", "CEL", "EventLog", "JSON",
            "ArgumentParser",
        ],
    ]
}

@Suite("What is generated from the declarations of event types")
struct GeneratedTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    @Test("is what tools/generate writes now")
    func upToDate() throws {
        let files = try GeneratedFiles.all(in: Self.root)
        #expect(files.count > 20)
        for file in files {
            let isSame = (try? TextFile.read(file.path)) == file.text
            #expect(isSame, "\(file.path) is out of date: run tools/generate")
        }
    }

    @Test("is the only source of agents and engine that names a member of an event")
    func typed() throws {
        let patterns = [#"data.text(""#, #"data.integer(""#, #"data.amount(""#, #"data.instant(""#, #"data.texts(""#]
        for module in GeneratedFiles.modules {
            let folder = Self.root + "/Sources/" + module
            let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            for name in names where name.hasSuffix(".swift") {
                let text = try TextFile.read(folder + "/" + name)
                for pattern in patterns {
                    #expect(!text.contains(pattern), "\(module)/\(name) holds `\(pattern)`")
                }
            }
        }
    }
}
