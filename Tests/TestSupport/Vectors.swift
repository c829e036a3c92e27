import Foundation

/// Finds the public test data that tests read in place.
package enum Vectors {
    /// The folder named by `DOCKET_VECTORS`, else `../shared/vectors` beside the package.
    package static let root: String = {
        if let named = ProcessInfo.processInfo.environment["DOCKET_VECTORS"], !named.isEmpty { return named }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let beside = package.deletingLastPathComponent().appendingPathComponent("shared/vectors").path
        let here = FileManager.default.currentDirectoryPath + "/../shared/vectors"
        return FileManager.default.fileExists(atPath: beside) ? beside : here
    }()

    /// The path of one folder of test data, or nil after saying on stdout that its tests are skipped.
    package static func directory(_ name: String) -> String? {
        let path = root + "/" + name
        if FileManager.default.fileExists(atPath: path) { return path }
        print("skipped: no test data at \(path) (set DOCKET_VECTORS)")
        return nil
    }

    /// The bytes of one file below the root, or nil after saying that its tests are skipped.
    package static func file(_ name: String) -> [UInt8]? {
        guard let path = directory(name), let data = FileManager.default.contents(atPath: path) else { return nil }
        return [UInt8](data)
    }

    /// The names of the files in one folder that end in `suffix`, in byte order.
    package static func files(in name: String, suffix: String) -> [String] {
        guard let path = directory(name) else { return [] }
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { $0.hasSuffix(suffix) }.sorted().map { path + "/" + $0 }
    }
}
