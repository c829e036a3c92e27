import Foundation
import TestSupport
import Testing

/// The arrows between targets, as `Package.swift` declares them and as the sources use them.
@Suite("The arrows between targets", .ownThreads)
struct ArrowTests {
    private static let manifest = Result { try Manifest.read() }

    @Test("are those of the design, of every target in Sources")
    func designed() throws {
        let targets = try Self.manifest.get().targets.filter { $0.path == nil && !$0.isTest }
        #expect(Set(targets.map(\.name)) == Set(TidyTests.arrows.keys))
        for target in targets {
            let differing = Set(target.arrows).symmetricDifference(TidyTests.arrows[target.name] ?? [])
            #expect(differing.isEmpty, "\(target.name): \(differing.sorted().joined(separator: ", "))")
        }
    }

    @Test("are all used: some file of the target imports the module")
    func used() throws {
        let targets = try Self.manifest.get().targets
        #expect(targets.count > 50)
        let programs = Set(targets.filter(\.isProgram).map(\.name))
        var unused: [String] = []
        for target in targets {
            let files = TidyTests.files([target.folder], suffix: ".swift")
            let imported = Set(files.flatMap { TidyTests.imports($0.text) })
            for arrow in target.arrows where !imported.contains(arrow) {
                // Tests run a program that is built beside them.
                if target.isTest, programs.contains(arrow) { continue }
                unused.append(target.name + " → " + arrow)
            }
        }
        #expect(unused.isEmpty, "declared in Package.swift, and nothing imports it: \(unused.joined(separator: ", "))")
    }
}

/// `Package.swift` as the package manager understands it.
private struct Manifest: Decodable {
    struct Target: Decodable {
        let name: String
        let type: String
        /// Nil where the target lies in the folder of its name.
        let path: String?
        private let dependencies: [Dependency]

        var isTest: Bool { type == "test" }
        var isProgram: Bool { type == "executable" }
        var folder: String { path ?? (isTest ? "Tests/" : "Sources/") + name }
        /// The modules it may import: targets, and products of other packages.
        var arrows: [String] { dependencies.map(\.name) }
    }

    /// `{"byName": [name, …]}`, or `target` or `product` instead.
    struct Dependency: Decodable {
        private enum Kind: String, CodingKey {
            case byName, target, product
        }

        let name: String

        init(from decoder: any Decoder) throws {
            let kinds = try decoder.container(keyedBy: Kind.self)
            var parts = try kinds.nestedUnkeyedContainer(forKey: kinds.allKeys.first ?? .byName)
            name = try parts.decode(String.self)
        }
    }

    let targets: [Target]

    static func read() throws -> Manifest {
        let folder = try TemporaryDirectory("docket-manifest")
        // A scratch folder of its own: `swift test` holds the lock of the package's.
        let result = try Docket(path: "/usr/bin/env").run(
            "swift", "package", "--scratch-path", folder.file("build"), "dump-package")
        try #require(result.status == 0, "\(result.messages)")
        return try JSONDecoder().decode(Manifest.self, from: Data(result.output.utf8))
    }
}
