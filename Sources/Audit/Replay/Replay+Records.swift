import AgentKit
import Engine
import JSON
import Rules

extension Replay {
    /// The names of the tables that rules and clients may read, in byte order.
    package var projections: [String] {
        machine.projections.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// One record as canonical JSON; nil where the projection does not exist or has no such record.
    package func record(_ projection: String, _ id: String) -> [UInt8]? { machine.record(projection, id) }

    /// The amounts in the records of a projection.
    func amounts(of projection: String) -> AmountMembers { machine.projection(projection)?.amounts ?? .none }

    /// Every record of a projection from a key on, in key byte order, as canonical JSON; `body` says whether to go on.
    /// - Returns: false where there is no such projection.
    @discardableResult
    package func records(of projection: String, from key: String = "", body: (String, [UInt8]) -> Bool) -> Bool {
        guard let table = machine.projection(projection) else { return false }
        let fields = table.members.map { FieldName($0) }.sorted { JCS.precedes($0.text, $1.text) }
        var writer = CanonicalWriter(capacity: 1024)
        table.forEachKey(from: key) { key in
            guard let row = table.value(key) else { return true }
            writer.removeAll()
            write(row, fields, to: &writer)
            return body(key, writer.bytes)
        }
        return true
    }

    /// Writes a row, whose fields are known in order, without asking it for its keys.
    private func write(_ row: Value, _ fields: [FieldName], to writer: inout CanonicalWriter) {
        guard case .host(let host, let node) = row, !fields.isEmpty else { return write(row, to: &writer) }
        let currency = host.currency(node)
        writer.beginObject()
        for field in fields {
            guard let value = host.member(node, field) else { continue }
            writer.key(field.text)
            write(value, in: currency, to: &writer)
        }
        writer.endObject()
    }

    /// - Parameter currency: that of the row which the value is a member of.
    private func write(_ value: Value, in currency: CurrencyCode? = nil, to writer: inout CanonicalWriter) {
        switch value {
        case .string(let text): writer.string(text)
        case .bool(let flag): writer.bool(flag)
        case .money(let money) where money.currency == currency && Amount(money.minorUnits).isInRange:
            writer.int(money.minorUnits)
        default:
            if let bytes = CanonicalValue.bytes(of: value, in: currency) {
                unsafe bytes.withUnsafeBytes { unsafe writer.raw($0) }
            } else {
                writer.null()
            }
        }
    }
}
