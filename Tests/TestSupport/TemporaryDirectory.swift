import Foundation

/// A new empty folder that is removed, with all in it, when the last reference goes.
package final class TemporaryDirectory: Sendable {
    /// The folder's path, without a slash at its end.
    package let path: String

    /// Makes the folder below the system's temporary folder.
    package init(_ name: String = "docket") throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(name)-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    /// The path of something in the folder.
    package func file(_ name: String) -> String { path + "/" + name }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
