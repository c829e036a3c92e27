import Audit
import EventLog
import Foundation
import Testing
import TransparencyLog

/// A bundle's file as a forger edits it.
struct BundleText {
    private(set) var root: [String: Any]

    init(_ bytes: [UInt8]) throws {
        root = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    var bytes: [UInt8] {
        get throws {
            Array(try JSONSerialization.data(withJSONObject: root, options: [.sortedKeys, .withoutEscapingSlashes]))
        }
    }

    subscript(_ name: String) -> Any? {
        get { root[name] }
        set { root[name] = newValue }
    }

    func list(_ name: String) -> [[String: Any]] { root[name] as? [[String: Any]] ?? [] }

    /// Changes the elements of a list for which something holds.
    mutating func change(
        _ name: String, where isMeant: ([String: Any]) -> Bool = { _ in true }, _ body: (inout [String: Any]) -> Void
    ) throws {
        var list = list(name)
        var count = 0
        for index in list.indices where isMeant(list[index]) {
            body(&list[index])
            count += 1
        }
        try #require(count > 0, "nothing to change in \(name)")
        root[name] = list
    }

    /// Removes the elements of a list for which something holds.
    mutating func remove(_ name: String, where isMeant: ([String: Any]) -> Bool) throws {
        let list = list(name)
        root[name] = list.filter { !isMeant($0) }
        try #require(self.list(name).count < list.count, "nothing to remove from \(name)")
    }

    /// The sequence of the first entry whose text holds another.
    func sequence(of text: String) throws -> Int {
        let entry = list("entries").first { ($0["entry"] as? String)?.contains(text) == true }
        return try #require(entry?["sequence"] as? Int, "no entry holds \(text)")
    }
}

/// The bundle of the known history's complaint, made once.
enum KnownDispute {
    private static let made = Result {
        let log = try ScratchLedger.known.log
        let made = try DisputeBundle.make(DisputeSubject(kind: .complaint, id: "COMP-001"), from: log)
        return (bytes: try #require(made).bytes, check: try #require(made).check, key: log.verifierKey.description)
    }

    static var bytes: [UInt8] { get throws { try made.get().bytes } }
    static var check: DisputeCheck { get throws { try made.get().check } }
    static var key: String { get throws { try made.get().key } }

    /// What a check says of the bundle with a change.
    static func problems(after change: (inout BundleText) throws -> Void) throws -> [String] {
        var text = try BundleText(try bytes)
        try change(&text)
        return try DisputeCheck(try text.bytes, key: try key).problems
    }
}
