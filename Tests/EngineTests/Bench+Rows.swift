import AgentKit
import CEL
import Engine
import Foundation
import JSON

extension Bench {
    /// A ledger in memory under the shipped rules.
    static func shipped(sealing: (any Sealing)? = nil) throws -> Bench {
        let folder =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/rules"
        var rules: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".yaml") {
            rules[name] = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
        }
        return try Bench(rules, sealing: sealing)
    }

    /// The keys of a projection, in their order.
    func keys(of projection: String) -> [String] {
        var keys: [String] = []
        machine.tables.named(projection)?.forEachKey { key in
            keys.append(key)
            return true
        }
        return keys
    }

    /// A column of a row; nil where it is absent.
    func column(_ name: String, of key: String, in projection: String) -> Value? {
        guard case .host(let row, let node)? = machine.tables.named(projection)?.value(key) else { return nil }
        return row.member(node, FieldName(name))
    }

    func text(_ name: String, of key: String, in projection: String) -> String? {
        column(name, of: key, in: projection)?.stringValue
    }

    func number(_ name: String, of key: String, in projection: String) -> Int64? {
        let value = column(name, of: key, in: projection)
        return value?.intValue ?? value?.moneyValue?.minorUnits
    }
}
