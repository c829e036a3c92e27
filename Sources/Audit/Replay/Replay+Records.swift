import AgentKit
import Engine
import JSON

extension Replay {
    /// The names of the tables that rules and clients may read, in byte order.
    package var projections: [String] {
        machine.tables.tables.filter(\.isProjection).map(\.name)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// One record as canonical JSON; nil where the projection does not exist or has no such record.
    package func record(_ projection: String, _ id: String) -> [UInt8]? {
        guard let table = machine.tables.named(projection), table.isProjection, let row = table.value(id) else {
            return nil
        }
        return RecordJSON.bytes(row)
    }

    /// Every record of a projection from a key on, in key byte order, as canonical JSON; `body` says whether to go on.
    /// - Returns: false where there is no such projection.
    @discardableResult
    package func records(of projection: String, from key: String = "", body: (String, [UInt8]) -> Bool) -> Bool {
        guard let table = machine.tables.named(projection), table.isProjection else { return false }
        let fields = (table.recordTypes.first?.fields ?? []).map { FieldName($0.name) }
            .sorted { JCS.precedes($0.text, $1.text) }
        var writer = CanonicalWriter(capacity: 1024)
        table.forEachKey(from: key) { key in
            guard let row = table.value(key) else { return true }
            writer.removeAll()
            if case .host(let host, let node) = row, !fields.isEmpty {
                writer.beginObject()
                for field in fields {
                    guard let value = host.member(node, field) else { continue }
                    writer.key(field.text)
                    RecordJSON.write(value, to: &writer)
                }
                writer.endObject()
            } else {
                RecordJSON.write(row, to: &writer)
            }
            return body(key, writer.bytes)
        }
        return true
    }
}
