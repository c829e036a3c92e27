// swift-tools-version: 6.2
import PackageDescription

let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]
// What only few and large calls cross into: another module's compiler needs no bodies of it.
let library: [SwiftSetting] =
    common + [
        .strictMemorySafety(),
        .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    ]
// Hot generics cross modules: without this they run unspecialised, several times slower. Exclusive access is checked at
// run time in debug builds, where every test runs; in release the checks cost the writer a tenth.
let hot: [SwiftSetting] =
    library + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

func agentModule(_ name: String, _ more: Target.Dependency...) -> Target {
    .target(name: name, dependencies: ["AgentKit"] + more, exclude: ["folds.yaml"], swiftSettings: hot)
}

func tests(_ target: String, _ more: Target.Dependency..., exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(target)Tests", dependencies: [.target(name: target), "TestSupport"] + more, exclude: exclude,
        swiftSettings: common)
}

func agentTests(_ agent: String, _ more: Target.Dependency...) -> Target {
    .testTarget(
        name: "\(agent)Tests",
        dependencies: [.target(name: agent), "AgentKit", "EngineTestSupport"] + more,
        swiftSettings: common)
}

let agentModules: [Target.Dependency] = [
    "OrderAgent", "WalletAgent", "ComplaintAgent", "VerificationAgent", "FranchiseAgent", "RecommendationAgent",
    "MarketplaceAgent", "QualityAgent", "ComplianceAgent", "AnalyticsAgent",
]

let package = Package(
    name: "docket",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "docket", targets: ["docket"]),
        .executable(name: "docket-bench", targets: ["DocketBench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "CLMDB", linkerSettings: [.linkedLibrary("lmdb")]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "CDigest", linkerSettings: [.linkedLibrary("crypto")]),

        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: hot),
        .target(name: "Sodium", dependencies: ["CSodium"], swiftSettings: library),
        .target(name: "JSON", dependencies: ["CSimdJSON"], swiftSettings: hot),
        .target(name: "TransparencyLog", dependencies: ["Sodium", "CDigest"], swiftSettings: hot),
        .target(
            name: "EventLog", dependencies: ["LMDB", "TransparencyLog", "Sodium"], exclude: ["FORMAT.md", "KEYS.md"],
            swiftSettings: hot),
        .target(name: "CEL", dependencies: ["CRE2"], swiftSettings: hot),
        .target(name: "AgentKit", dependencies: ["JSON", "CEL"], swiftSettings: hot),
        .target(name: "Ledger", dependencies: ["AgentKit"], swiftSettings: hot),
        agentModule("OrderAgent"),
        agentModule("WalletAgent", "Ledger"),
        agentModule("ComplaintAgent"),
        agentModule("VerificationAgent"),
        agentModule("FranchiseAgent"),
        agentModule("RecommendationAgent"),
        agentModule("MarketplaceAgent"),
        agentModule("QualityAgent"),
        agentModule("ComplianceAgent"),
        agentModule("AnalyticsAgent"),
        .target(
            name: "Rules", dependencies: ["CEL", "AgentKit", .product(name: "Yams", package: "Yams")],
            exclude: ["Types/engine.yaml", "folds.yaml"], swiftSettings: hot),
        .executableTarget(name: "DocketGenerate", dependencies: ["Rules", "JSON"], swiftSettings: common),
        .target(
            name: "Engine",
            dependencies: ["EventLog", "LMDB", "JSON", "Sodium", "CEL", "Rules", "AgentKit"] + agentModules,
            exclude: ["folds.yaml"],
            swiftSettings: hot),
        .target(
            name: "RuleTesting", dependencies: ["Engine", "Rules", "EventLog", "JSON", "AgentKit"],
            swiftSettings: library),
        .target(
            name: "Audit",
            dependencies: ["Engine", "Rules", "EventLog", "LMDB", "TransparencyLog", "JSON", "AgentKit"],
            exclude: ["folds.yaml"], swiftSettings: library),
        .target(
            name: "Export",
            dependencies: [
                "Audit", "Engine", "Rules", "EventLog", "TransparencyLog", "JSON", "CEL", "AgentKit",
                .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: library),
        .target(
            name: "Service",
            dependencies: [
                "Engine", "Audit", "Rules", "EventLog", "JSON", "Sodium", "AgentKit",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], exclude: ["HTTP.md"], swiftSettings: library),
        .target(name: "CommandKit", swiftSettings: common),
        .executableTarget(
            name: "docket",
            dependencies: [
                "CommandKit", "Service", "Audit", "Export", "RuleTesting", "Engine", "Rules", "CEL", "EventLog", "JSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: common),
        .executableTarget(
            name: "DocketBench",
            dependencies: [
                "CommandKit", "Audit", "Engine", "EventLog", "LMDB", "TransparencyLog", "JSON", "CEL", "AgentKit",
                "RecommendationAgent", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: common),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: common),
        .target(
            name: "EngineTestSupport", dependencies: ["AgentKit", "Engine", "EventLog", "JSON", "Rules"],
            path: "Tests/EngineTestSupport", swiftSettings: common),
        tests("LMDB"), tests("Sodium"), tests("JSON"), tests("TransparencyLog", "Sodium"),
        tests("EventLog", "LMDB", "TransparencyLog", "Sodium"), tests("CEL"), tests("AgentKit"),
        tests("Ledger", "AgentKit", "JSON"),
        agentTests("OrderAgent"), agentTests("WalletAgent", "Engine", "JSON", "Ledger", "TestSupport"),
        agentTests("ComplaintAgent"), agentTests("VerificationAgent"), agentTests("FranchiseAgent"),
        agentTests("RecommendationAgent", "TestSupport"), agentTests("MarketplaceAgent", "TestSupport"),
        agentTests("QualityAgent"), agentTests("ComplianceAgent"), agentTests("AnalyticsAgent", "TestSupport"),
        tests("Rules", "AgentKit", "JSON"),
        tests(
            "Engine", "AgentKit", "CEL", "EngineTestSupport", "EventLog", "JSON", "LMDB", "RuleTesting", "Rules",
            "Sodium", "TransparencyLog",
            exclude: ["RuleLanguage", "Overrides"]),
        tests("RuleTesting", "AgentKit", "JSON", "Rules"),
        tests(
            "Audit", "AgentKit", "Engine", "EventLog", "JSON", "LMDB", "Rules", "Sodium", "TransparencyLog",
            exclude: ["Golden"]),
        tests("Export", "AgentKit", "Rules"),
        tests(
            "Service", "AgentKit", "Engine", "JSON",
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "NIOHTTPTypes", package: "swift-nio-extras")),
        .testTarget(name: "DocketBenchTests", dependencies: ["DocketBench"], swiftSettings: common),
        .testTarget(
            name: "SystemTests",
            dependencies: [
                "docket", "DocketBench", "DocketGenerate", "TestSupport", "Engine", "EventLog", "LMDB", "Sodium",
                "TransparencyLog",
            ], exclude: ["RuleAgents"],
            swiftSettings: common),
    ],
    cxxLanguageStandard: .cxx17
)

// Fuzz targets start in libFuzzer's driver; `tools/fuzz` builds and runs them, and nothing else does.
if Context.environment["DOCKET_FUZZ"] == "1" {
    let fuzzed: [(name: String, dependencies: [Target.Dependency])] = [
        ("Expressions", ["CEL"]), ("Evaluation", ["CEL"]), ("RuleFiles", ["AgentKit", "RuleTesting", "Rules"]),
        ("JSONDocuments", ["JSON"]),
    ]
    package.targets.append(.systemLibrary(name: "CFuzzer", path: "tools/fuzz-targets/CFuzzer"))
    for (name, dependencies) in fuzzed {
        package.targets.append(
            .executableTarget(
                name: "Fuzz" + name, dependencies: dependencies + ["CFuzzer"], path: "tools/fuzz-targets/" + name,
                swiftSettings: common + [.unsafeFlags(["-parse-as-library"])],
                linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]))
        package.products.append(.executable(name: "Fuzz" + name, targets: ["Fuzz" + name]))
    }
}
